package archive

import (
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	const ten = "2025-09-04T10:00:00Z"
	tests := []struct {
		text, want string // empty: refused
	}{
		{"2025-09-04T10:00:00Z", ten},
		{"2025-09-04t10:00:00z", ten},
		{"2025-09-04T10:00:00", ten},
		{"2025-09-04 10:00:00", ten},
		{"2025-09-04 10:00:00 UTC", ten},
		{"2025-09-04 10:00:00+00", ten},
		{"2025-09-04 12:00:00+02", ten},
		{"2025-09-04 12:00:00+0200", ten},
		{"2025-09-04T12:00:00+02:00", ten},
		{"2025-09-04T04:30:00-05:30", ten},
		{"2025-09-04T10:00:00.000Z", ten},
		{"2025-06-10T07:07:35.123456789Z", "2025-06-10T07:07:35.123456Z"},
		{"1756980000", ten},
		{"1756980000.0", ten},
		{"1756980000.25", "2025-09-04T10:00:00.25Z"},
		{"2025-09-04", "2025-09-04T00:00:00Z"},
		{"2024-02-29T23:59:59Z", "2024-02-29T23:59:59Z"},
		{"0", "1970-01-01T00:00:00Z"},
		{"", ""},
		{"never", ""},
		{"2025-09-04T10:00Z", ""},
		{"2025-09-04T24:00:00Z", ""},
		{"2025-09-04T10:00:60Z", ""},
		{"2025-02-29T10:00:00Z", ""},
		{"2025-13-01", ""},
		{"04/09/2025", ""},
		{"2025-09-04T10:00:00+2", ""},
		{"2025-09-04T10:00:00+25:00", ""},
		{"2025-09-04T10:00:00+02:60", ""},
		{"2025-09-04T10:00:00 CET", ""},
		{"2025-09-04T10:00:00Z ", ""},
		{"-1", ""},
		{"1e9", ""},
		{"1756980000000", ""},
		{"999999999999999999999", ""},
		{"1756980000.5x", ""},
		{"infinity", ""},
	}
	for _, test := range tests {
		at, ok := parseTime(test.text)
		got := ""
		if ok {
			got = at.Format(time.RFC3339Nano)
		}
		if got != test.want {
			t.Errorf("%q: got %s, want %s", test.text, got, test.want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, text := range []string{"2025-09-04T10:00:00Z", "1756980000.5", "2025-09-04 12:00:00+02"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, ok := parseTime(text)
		if !ok {
			return
		}
		again, ok := parseTime(at.Format(time.RFC3339Nano))
		if !ok || !again.Equal(at) {
			t.Errorf("%q: %s reads back as %s, %v", text, at, again, ok)
		}
	})
}
