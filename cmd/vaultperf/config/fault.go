package config

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// decode reads text strictly: a key that is not known is a fault.
func decode(name string, text []byte) (*File, error) {
	f := &File{MaxPages: mostPages, name: name, source: text}
	err := toml.NewDecoder(bytes.NewReader(text)).DisallowUnknownFields().Decode(f)
	if err != nil {
		return nil, f.decodeError(err)
	}
	return f, nil
}

// decodeError names the line of every fault of the decoder.
func (f *File) decodeError(err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		var all []error
		for i := range unknown.Errors {
			line, _ := unknown.Errors[i].Position()
			key := strings.Join(unknown.Errors[i].Key(), ".")
			all = append(all, fmt.Errorf("%s: unknown key %q", f.place(line), shortened(key)))
		}
		return errors.Join(all...)
	}
	var fault *toml.DecodeError
	if errors.As(err, &fault) {
		line, _ := fault.Position()
		return fmt.Errorf("%s: %s", f.place(line), shortened(decodeMessage(fault)))
	}
	return fmt.Errorf("%s: %w", f.name, err)
}

var wrongType = regexp.MustCompile(`cannot decode TOML (.+) into struct field \S+ of type (\S+)$`)

// decodeMessage puts the decoder's words into those of a config's writer.
func decodeMessage(fault *toml.DecodeError) string {
	message := strings.TrimPrefix(fault.Error(), "toml: ")
	if m := wrongType.FindStringSubmatch(message); m != nil {
		want := "a number"
		switch {
		case strings.HasPrefix(m[2], "[]"):
			want = "[[" + strings.Join(fault.Key(), ".") + "]]"
		case strings.HasPrefix(m[2], "int"), strings.HasPrefix(m[2], "*int"):
			want = "a whole number"
		case m[2] == "string":
			want = "text in quotes"
		}
		return fmt.Sprintf("%s: want %s, got TOML %s", strings.Join(fault.Key(), "."), want, m[1])
	}
	if strings.Contains(message, "hexadecimal") {
		message += " (an address needs quotes)"
	}
	return message
}

// faults collects what is wrong with a file, each fault with its place.
type faults struct {
	file *File
	all  []error
}

// add notes a fault of who, empty for the file as a whole, at a line, 0 where it
// is not known.
func (f *faults) add(line int, who, format string, args ...any) {
	where := f.file.place(line)
	if who != "" {
		where += ": " + shortened(who)
	}
	f.all = append(f.all, fmt.Errorf("%s: %s", where, shortened(fmt.Errorf(format, args...).Error())))
}

// shortened is the beginning of a message that quotes the file: a value may be as long
// as the file.
func shortened(message string) string {
	const most = 600 // the list of all families has 300
	if runes := []rune(message); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return message
}

// place is a line of the file for a message; a line of 0 is the whole file.
func (f *File) place(line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", f.name, line)
	}
	return f.name
}

// lineOf is the line that sets key, 0 where none is found. It only serves
// messages, so a look at the text is enough.
func (f *File) lineOf(key string) int {
	match := regexp.MustCompile(`(?m)^[ \t]*` + key + `[ \t]*=`).FindIndex(f.source)
	if match == nil {
		return 0
	}
	return 1 + bytes.Count(f.source[:match[0]], []byte("\n"))
}

var (
	tableStart    = regexp.MustCompile(`^[ \t]*\[\[?[ \t]*(\w+)[ \t]*\]`)
	contractStart = regexp.MustCompile(`^[ \t]*\[\[[ \t]*vault[ \t]*\.[ \t]*contract[ \t]*\]\]`)
)

// A layout is where a file's tables start.
type layout struct {
	lines  []string
	tables map[string][]int // by name, the line of each
}

// layout is looked up at the first fault: a file may have thousands of tables.
func (f *File) layout() *layout {
	if f.laidOut == nil {
		f.laidOut = &layout{lines: strings.Split(string(f.source), "\n"), tables: map[string][]int{}}
		for i, line := range f.laidOut.lines {
			if m := tableStart.FindStringSubmatch(line); m != nil {
				f.laidOut.tables[m[1]] = append(f.laidOut.tables[m[1]], i+1)
			}
		}
	}
	return f.laidOut
}

// lineOfTable is the line where the table array's nth entry starts, from 0; 0 where
// none is found.
func (f *File) lineOfTable(name string, n int) int {
	if starts := f.layout().tables[name]; n < len(starts) {
		return starts[n]
	}
	return 0
}

// lineOfKey is the line that sets a key of the table that starts at a line, or the
// table's own.
func (f *File) lineOfKey(table int, key string) int {
	isKey := regexp.MustCompile(`^[ \t]*` + key + `[ \t]*=`)
	lines := f.layout().lines
	for i := table; i < len(lines) && table > 0; i++ { // the first after the heading
		if strings.HasPrefix(strings.TrimLeft(lines[i], " \t"), "[") {
			break
		}
		if isKey.MatchString(lines[i]) {
			return i + 1
		}
	}
	return table
}

// lineOfContractKey is the line that sets a key of a vault's nth contract, from 0. Contracts
// that have no heading of their own are all where the vault lists them.
func (f *File) lineOfContractKey(vault, n int, key string) int {
	from := f.lineOfTable("vault", vault)
	lines := f.layout().lines
	for i := from; i < len(lines) && from > 0; i++ {
		if m := tableStart.FindStringSubmatch(lines[i]); m != nil && m[1] == "vault" {
			break
		}
		if !contractStart.MatchString(lines[i]) {
			continue
		}
		if n == 0 {
			return f.lineOfKey(i+1, key)
		}
		n--
	}
	return f.lineOfKey(from, "contract")
}
