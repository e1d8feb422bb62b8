package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/vaultperf/vaultperf/extract/input"
)

// TestTextReader compares the reader of random text, in chunks of any size, with what
// the standard library says of the whole.
func TestTextReader(t *testing.T) {
	pieces := []string{"a", "\n", "é", "€", "\U0001F642", "\xff", "\xe2\x82", "\xf0\x9f", "\xed\xa0\x80", "\xc0\x80", "abcdefgh"}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var text strings.Builder
		for range random.IntN(12) {
			n := len(pieces)
			if random.IntN(2) == 0 {
				n = 5 // valid ones
			}
			text.WriteString(pieces[random.IntN(n)])
		}
		const most = 10
		whole := text.String()
		badLine, longLine := int64(0), int64(0)
		for i, l := range strings.Split(whole, "\n") {
			if badLine == 0 && !utf8.ValidString(l) {
				badLine = int64(i + 1)
			}
			if longLine == 0 && len(l) > most {
				longLine = int64(i + 1)
			}
		}
		var in io.Reader = strings.NewReader(whole)
		switch random.IntN(3) {
		case 0:
			in = iotest.OneByteReader(in)
		case 1: // as gzip does, the end comes with the last bytes
			all := in
			in = iotest.DataErrReader(readerFunc(func(p []byte) (int, error) { return all.Read(p[:1+random.IntN(4)]) }))
		}
		got, err := io.ReadAll(&textReader{in: in, path: "f", most: most, line: 1})
		var refused *input.Error
		switch {
		case badLine+longLine == 0 && (err != nil || string(got) != whole):
			t.Errorf("%q: got %q, %v", whole, got, err)
		case badLine+longLine == 0:
		case !errors.As(err, &refused) || refused.File != "f":
			t.Errorf("%q: got %v", whole, err)
		case refused.Want == "text in UTF-8": // seen first of a chunk that has both faults
			if refused.Line != badLine {
				t.Errorf("%q: got %v, want line %d", whole, err, badLine)
			}
		case refused.Want != "a line of at most 10 bytes" || refused.Line != longLine || badLine > 0 && badLine < longLine:
			t.Errorf("%q: got %v, want line %d", whole, err, longLine)
		}
	}
}

// TestTextOfGzip: a character may stand across the 32 KiB that gzip hands over at once.
func TestTextOfGzip(t *testing.T) {
	for before := 32<<10 - 4; before <= 32<<10; before++ {
		whole := strings.Repeat("a", before) + "\U0001F642"
		unzipped, err := gzip.NewReader(bytes.NewReader(zipped(t, whole)))
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(bufio.NewReaderSize(&textReader{in: unzipped, path: "f", line: 1}, 1<<16))
		if err != nil || string(got) != whole {
			t.Errorf("a character after %d bytes: got %d bytes, %v", before, len(got), err)
		}
	}
}
