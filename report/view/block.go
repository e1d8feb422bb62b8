package view

// A Block is one piece of a section or a sheet: a *Table, *Chart, *Charts, *Cards,
// *Facts, *Terms, Definitions, *Warnings, *Series, *Audit, *Contents, *Profile, Title, Heading or Prose.
type Block interface{ block() }

// A Title is the first line of a sheet, and the line below it.
type Title struct{ Text, Below string }

// A Heading stands over a part of a sheet.
type Heading string

// Prose is a sentence or a few.
type Prose string

// Cards are the headline figures, side by side.
type Cards struct {
	Label string // for screen readers
	Cards []Card
}

// A Card is one headline figure.
type Card struct {
	Label string
	Value Cell
	Note  []string // parts, each kept on one line where it fits
	Is    *Definition
}

// A Badge is a word or two on how current a vault is.
type Badge struct {
	Text string
	Tone Tone
}

// A Note is a term and what is to be said of it. Without a term it is a remark.
type Note struct{ Term, Text string }

// Facts are short and stand side by side.
type Facts []Fact

// Terms are explained in a sentence or a few each.
type Terms struct {
	Title   string // on a sheet, where they are not alone
	Notes   []Note
	Digests []Note // below them, each a long word
	Closing string // below all
}

// Warnings are sentences the reader must see.
type Warnings struct {
	ID    string // unique on the page, fit for an anchor; empty where there is no title
	Title string // empty: they belong to what stands around them
	Texts []Cell
	Badge Badge // before the title, or nothing
	Tone  Tone  // Bad: the figures are no result; Good; Flat: neither; else they are to be read with care
}

// A Profile says at the head of a sheet what a vault is, at the left, and how
// current, at the right.
type Profile struct {
	Left, Right []Fact
	Wide        []Note // below, over the sheet's whole width
}

// A Fact is a label and a value.
type Fact struct {
	Label string
	Value Cell
	Is    *Definition // nil: it is no figure
}

func (*Table) block()      {}
func (*Chart) block()      {}
func (*Charts) block()     {}
func (*Cards) block()      {}
func (*Facts) block()      {}
func (*Terms) block()      {}
func (*Warnings) block()   {}
func (*Series) block()     {}
func (*Audit) block()      {}
func (*Contents) block()   {}
func (*Profile) block()    {}
func (Definitions) block() {}
func (Title) block()       {}
func (Heading) block()     {}
func (Prose) block()       {}
