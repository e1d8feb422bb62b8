//go:build !race

package extracttest

// RaceDetector says whether tests run under the race detector.
const RaceDetector = false
