package transform

import (
	"cmp"
	"slices"
	"strings"
)

// The marks of vaults with spikes, without these, stand in for all marks where every
// figure is computed once more.
const (
	allMarks   = "intermediate.marked_prices"
	cleanMarks = "intermediate.marks_without_spikes"
)

// cleanModels are the models that some relations are made of, and these too, once more
// from the marks without spikes: those that are made of marks and speak of one vault,
// each as intermediate.clean_<name>. names has the new name by the old. What compares
// vaults, such as how many Sharpe ratios were tried, stays as it is. Their text is that
// of the models themselves, so that no formula stands twice.
func cleanModels(list []model, relations []string) (out []model, names map[string]string) {
	byName := map[string]model{}
	for _, m := range list {
		byName[m.String()] = m
	}
	if _, ok := byName[cleanMarks]; !ok {
		return nil, nil
	}
	isMade := map[string]bool{allMarks: true} // of marks, and of one vault
	var visit func(name string) bool
	visit = func(name string) bool {
		if made, ok := isMade[name]; ok {
			return made
		}
		m, isModel := byName[name]
		made := false
		for _, read := range relationsOf(m.query) {
			made = visit(read) || made
		}
		ofOne := slices.Contains(m.header.grain, "vault_id") || slices.Contains(m.header.grain, "vault_number")
		isMade[name] = made && isModel && ofOne
		return isMade[name]
	}
	names = map[string]string{allMarks: cleanMarks}
	var add func(name string)
	add = func(name string) {
		if !visit(name) || names[name] != "" {
			return
		}
		m := byName[name]
		names[name] = "intermediate.clean_" + m.name
		clean := model{schema: "intermediate", name: "clean_" + m.name, header: m.header}
		clean.header.stored = m.isTable()
		// the vaults with spikes are few
		clean.header.inHalves, clean.header.oneThread = false, m.header.inHalves || m.header.oneThread
		for _, read := range relationsOf(m.query) {
			add(read)
		}
		clean.query = readFrom.ReplaceAllStringFunc(m.query, func(found string) string {
			p := readFrom.FindStringSubmatch(found)
			other, ok := names[p[2]]
			if !ok {
				return found
			}
			_, alias, _ := strings.Cut(p[2], ".")
			return p[1] + " " + other + cmp.Or(p[3], " as "+alias)
		})
		clean.reads = relationsOf(clean.query)
		out = append(out, clean)
	}
	for _, relation := range relations {
		add(relation)
	}
	return out, names
}
