package model

import "strings"

// Needs are what must have rows for a model to have any: of each clause one relation,
// as schema.name, or of one relation the rows with a word in a column, as
// schema.name.column=word. A model that needs nothing may have rows always.
type Needs [][]string

// String is as ParseNeeds reads it: clauses with a space between, choices with a bar.
func (n Needs) String() string {
	clauses := make([]string, len(n))
	for i, clause := range n {
		clauses[i] = strings.Join(clause, "|")
	}
	return strings.Join(clauses, " ")
}

// ParseNeeds reads what String writes.
func ParseNeeds(text string) Needs {
	var n Needs
	for _, clause := range strings.Fields(text) {
		n = append(n, strings.Split(clause, "|"))
	}
	return n
}
