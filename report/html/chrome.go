package html

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"regexp"
)

// The chart library is built into assets by report/html/bundle and not committed;
// a program built without it draws with the public copy below.
//
//go:embed assets page
var files embed.FS

// The public copy: its version is fixed by the address, its bytes by the hash,
// which is that of the npm package's dist/echarts.min.js.
const (
	publicHost      = "cdn.jsdelivr.net"
	publicLibrary   = "https://" + publicHost + "/npm/echarts@6.1.0/dist/echarts.min.js"
	publicIntegrity = "sha384-C2iskrW/uPW46KzOjrvJIQo4YkV8lkD+QS0CrDN18IIPIpT/g2USu8bTP3nvmIAD"
)

// library is the chart library, or nil in a program built without it.
func library() ([]byte, error) {
	js, err := files.ReadFile("assets/echarts.js")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return js, err
}

// Chrome is what every page has around its content: styles, scripts, and the
// policy that lets exactly these scripts run.
type chrome struct {
	Policy     string
	Style      template.CSS
	Scripts    []template.HTML // whole elements
	PublicHost string          // where the library comes from, empty: from this page
}

// plainChrome is the chrome of a page without charts: the index.
func plainChrome() (chrome, error) {
	c, err := newChrome(nil, false, "page/names.js", "page/sort.js", "page/filter.js", "page/choose.js")
	return styled(c, err, "page/choice.css")
}

// compareChrome is the chrome of the comparison; a nil library is the public one.
func compareChrome(library []byte) (chrome, error) {
	c, err := newChrome(library, true, "page/names.js", "page/numbers.js", "page/compare.js")
	return styled(c, err, "page/choice.css")
}

// styled adds a page's own styles.
func styled(c chrome, err error, name string) (chrome, error) {
	if err != nil {
		return c, err
	}
	style, err := files.ReadFile(name)
	c.Style += template.CSS(style)
	return c, err
}

// chartChrome is the chrome of a page with charts; a nil library is the public
// one.
func chartChrome(library []byte) (chrome, error) {
	return newChrome(library, true, "page/names.js", "page/boot.js")
}

func newChrome(library []byte, charts bool, own ...string) (chrome, error) {
	style, err := files.ReadFile("page/style.css")
	if err != nil {
		return chrome{}, err
	}
	c := chrome{Style: template.CSS(style)}
	allowed := ""
	add := func(js []byte) error {
		element, source, err := inline(js)
		c.Scripts = append(c.Scripts, element)
		allowed += " " + source
		return err
	}
	switch {
	case charts && library != nil:
		if err := add(library); err != nil {
			return chrome{}, fmt.Errorf("chart library: %w", err)
		}
	case charts:
		c.PublicHost = publicHost
		allowed += " " + publicLibrary
		c.Scripts = append(c.Scripts, template.HTML(fmt.Sprintf(
			`<script src="%s" integrity="%s" crossorigin="anonymous"></script>`, publicLibrary, publicIntegrity)))
	}
	for _, name := range own {
		script, err := files.ReadFile(name)
		if err == nil {
			err = add(script)
		}
		if err != nil {
			return chrome{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	c.Policy = "default-src 'none'; script-src" + allowed +
		"; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
	return c, nil
}

var endsScript = regexp.MustCompile(`(?i)</script|<!--`)

// inline makes a script element of our own code, and the policy's word for it.
func inline(js []byte) (element template.HTML, source string, err error) {
	if endsScript.Match(js) {
		return "", "", errors.New("holds the end of a script element")
	}
	digest := sha256.Sum256(js)
	return template.HTML("<script>" + string(js) + "</script>"),
		"'sha256-" + base64.StdEncoding.EncodeToString(digest[:]) + "'", nil
}
