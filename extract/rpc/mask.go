package rpc

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// masked replaces what must not be shown.
const masked = "…"

// A secret hides the parts of an endpoint's URL that must not be shown.
type secret struct {
	name  string   // what to show instead
	parts []string // what must not appear, longest first
}

// keyLike is a host label that is a key rather than a name.
var keyLike = regexp.MustCompile(`^[0-9a-zA-Z_]{20,}$|^[0-9a-fA-F-]{32,}$`)

// newSecret parses an endpoint's URL. Scheme, host and port may be shown; user, path and
// query may each be a key. Errors never show the URL.
func newSecret(raw string) (*url.URL, secret, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, secret{}, fmt.Errorf("want an http or https URL")
	}
	s := secret{parts: []string{raw, u.RequestURI(), u.RawQuery}}
	labels := strings.Split(u.Host, ".")
	for i, label := range labels {
		if keyLike.MatchString(label) {
			s.parts = append(s.parts, label)
			labels[i] = masked
		}
	}
	s.name = u.Scheme + "://" + strings.Join(labels, ".")
	if strings.Trim(u.Path, "/") != "" || u.RawQuery != "" {
		s.name += "/" + masked
	}
	if u.User != nil {
		password, _ := u.User.Password()
		s.parts = append(s.parts, u.User.String(), u.User.Username(), password)
	}
	for segment := range strings.SplitSeq(u.Path, "/") {
		if len(segment) >= 8 { // not v2, eth, mainnet
			s.parts = append(s.parts, segment)
		}
	}
	for _, values := range u.Query() {
		s.parts = append(s.parts, values...)
	}
	s.parts = slices.DeleteFunc(s.parts, func(p string) bool { return len(strings.Trim(p, "/")) < 4 })
	slices.SortFunc(s.parts, func(a, b string) int { return len(b) - len(a) })
	return u, s, nil
}

// hide masks the secrets in text from a node or the network.
func (s secret) hide(text string) string {
	for _, part := range s.parts {
		text = strings.ReplaceAll(text, part, masked)
	}
	return text
}

// longestMessage is how much of a node's message is kept, in runes.
const longestMessage = 200

// harmless turns text of unknown origin into one short line without control characters.
func harmless(text string) string {
	text = text[:min(len(text), 20*longestMessage)]
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case r == utf8.RuneError, !unicode.IsPrint(r):
			return -1
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > longestMessage {
		return string(runes[:longestMessage]) + masked
	}
	return text
}
