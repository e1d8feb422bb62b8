package html

import (
	"html/template"
	"strings"

	"github.com/vaultperf/vaultperf/report/view"
)

// asked is the style by which a definition stands beside the figure whose name is pointed
// at or has the focus. A definition is on the page once, whatever names lead to it, and no
// script shows it: which name leads where is a list of selectors.
func (r *Renderer) asked(chapters []view.Chapter) template.CSS {
	var selectors []string
	for _, chapter := range chapters {
		for _, s := range chapter {
			for _, b := range s.Blocks {
				groups, ok := b.(view.Definitions)
				if !ok {
					continue
				}
				for _, group := range groups {
					for _, d := range group.Of {
						selectors = append(selectors, "main:has([popovertarget=d-"+d.ID+"]:is(:hover,:focus-visible)) #d-"+d.ID)
					}
				}
			}
		}
	}
	if len(selectors) == 0 {
		return ""
	}
	return template.CSS(strings.Replace(r.card, ".asked", strings.Join(selectors, ",\n"), 1))
}
