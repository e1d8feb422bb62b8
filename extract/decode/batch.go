package decode

// A Batch holds logs that were decoded together, each identified by the number it was
// added with. The zero value is empty.
type Batch struct {
	Events    []Decoded
	Undecoded []Undecoded
	text      []byte // the arguments of all events, one after another
}

// A Decoded log is an event; Batch.Arguments returns its arguments.
type Decoded struct {
	Log      int
	Event    *Event
	from, to int // of the batch's text
}

// An Undecoded log is not an event of its family.
type Undecoded struct {
	Log            int
	Reason, Detail string
}

// Add decodes a log as one of the events of its contract's family.
func (b *Batch) Add(log int, set Set, topics [][]byte, data []byte) {
	e, text, err := decodeLog(set, topics, data, b.text)
	if err != nil {
		b.Undecoded = append(b.Undecoded, Undecoded{log, err.reason, err.detail})
		return
	}
	b.Events = append(b.Events, Decoded{log, e, len(b.text), len(text)})
	b.text = text
}

// Arguments are an event's, as one JSON object; they are valid until Reset.
func (b *Batch) Arguments(d Decoded) []byte { return b.text[d.from:d.to] }

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() {
	b.Events, b.Undecoded, b.text = b.Events[:0], b.Undecoded[:0], b.text[:0]
}

// decodeLog finds a log's event and adds its arguments to text.
func decodeLog(set Set, topics [][]byte, data, text []byte) (*Event, []byte, *undecodedError) {
	e, failed := set.find(topics)
	if failed != nil {
		return nil, text, failed
	}
	longer, err := e.appendArguments(text, topics, data)
	if err != nil {
		return nil, text, &undecodedError{undecodable, e.Signature + ": " + err.Error()}
	}
	return e, longer, nil
}
