package decode

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/ethereum/go-ethereum/accounts/abi"
	"github.com/ethereum/go-ethereum/common"

	"github.com/vaultperf/vaultperf/extract/family"
)

// An Event is one signature as a log carries it: some arguments in topics, the
// others in data.
type Event struct {
	Name      string
	Signature string // canonical, Transfer(address,address,uint256)
	topic0    common.Hash
	arguments []argument
	topics    abi.Arguments // the indexed ones, as if their words were data
	data      abi.Arguments
	all       abi.Arguments
	isWords   bool // each argument is one word: a number, an address, a bool or fixed bytes
}

type argument struct {
	name    string
	indexed bool
	key     string // the name as a JSON key, "name":
}

// A Set finds a family's event by topic0 and, since topic0 does not depend on indexed
// flags, by the number of topics.
type Set map[common.Hash][]*Event

// Sets parses the families' signatures once, and only in a run that decodes.
var Sets = sync.OnceValues(func() (map[string]Set, error) {
	sets := map[string]Set{}
	for _, f := range family.All() {
		set, err := newEventSet(f.Events...)
		if err != nil {
			return nil, fmt.Errorf("events of %s: %w", f.Name, err)
		}
		sets[f.Name] = set
	}
	return sets, nil
})

func newEventSet(groups ...[]string) (Set, error) {
	set := Set{}
	for _, group := range groups {
		for _, text := range group {
			e, err := parseEvent(text)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", text, err)
			}
			for _, twin := range set[e.topic0] {
				if len(twin.topics) == len(e.topics) {
					return nil, fmt.Errorf("%s: its topics are those of %s", text, twin.Signature)
				}
			}
			set[e.topic0] = append(set[e.topic0], e)
		}
	}
	return set, nil
}

// parseEvent reads Name(type indexed name, (type,type) name, …), the notation
// of Solidity with tuples written out. Every argument has a name.
func parseEvent(text string) (*Event, error) {
	name, rest, found := strings.Cut(text, "(")
	list, closed := strings.CutSuffix(rest, ")")
	if !found || !closed || name == "" {
		return nil, errors.New("want Name(type name, …)")
	}
	parts, err := splitList(list)
	if err != nil {
		return nil, err
	}
	e := &Event{Name: name}
	for _, part := range parts {
		if err := e.addArgument(part); err != nil {
			return nil, fmt.Errorf("%q: %w", part, err)
		}
	}
	if len(e.topics) > 3 {
		return nil, errors.New("more than 3 arguments are indexed")
	}
	e.isWords = !slices.ContainsFunc(e.all, func(a abi.Argument) bool { return !isWord(a.Type) })
	parsed := abi.NewEvent(name, name, false, e.all)
	e.Signature, e.topic0 = parsed.Sig, parsed.ID
	return e, nil
}

// addArgument reads one "type indexed name".
func (e *Event) addArgument(text string) error {
	end := strings.LastIndexByte(text, ')') + 1 // a tuple's type may hold spaces
	space := strings.IndexByte(text[end:], ' ')
	if space < 0 {
		return errors.New("no name")
	}
	typeText := text[:end+space]
	words := strings.Fields(text[end+space:])
	indexed := len(words) == 2 && words[0] == "indexed"
	if len(words) != 1 && !indexed || words[len(words)-1] == "indexed" {
		return errors.New("want type indexed name")
	}
	arg := argument{name: words[len(words)-1], indexed: indexed}
	arg.key = strconv.Quote(arg.name) + ":"
	typ, err := parseType(typeText)
	if err != nil {
		return err
	}
	e.arguments = append(e.arguments, arg)
	e.all = append(e.all, abi.Argument{Name: arg.name, Type: typ, Indexed: indexed})
	if !indexed {
		e.data = append(e.data, abi.Argument{Name: arg.name, Type: typ})
		return nil
	}
	switch typ.T {
	case abi.StringTy, abi.BytesTy, abi.SliceTy, abi.ArrayTy, abi.TupleTy: // the topic is their hash
		if typ, err = abi.NewType("bytes32", "", nil); err != nil {
			return err
		}
	default: // fits the topic
	}
	e.topics = append(e.topics, abi.Argument{Name: arg.name, Type: typ})
	return nil
}

func parseType(text string) (abi.Type, error) {
	m, err := marshaling(text)
	if err != nil {
		return abi.Type{}, err
	}
	return abi.NewType(m.Type, "", m.Components)
}

// marshaling describes a type as a JSON ABI does. A tuple's components have no
// names in the notation; go-ethereum wants some.
func marshaling(text string) (abi.ArgumentMarshaling, error) {
	if !strings.HasPrefix(text, "(") {
		return abi.ArgumentMarshaling{Type: text}, nil
	}
	end := strings.LastIndexByte(text, ')')
	if end < 0 {
		return abi.ArgumentMarshaling{}, errors.New("a tuple is not closed")
	}
	parts, err := splitList(text[1:end])
	if err != nil {
		return abi.ArgumentMarshaling{}, err
	}
	tuple := abi.ArgumentMarshaling{Type: "tuple" + text[end+1:]}
	for i, part := range parts {
		component, err := marshaling(part)
		if err != nil {
			return abi.ArgumentMarshaling{}, err
		}
		component.Name = fmt.Sprintf("f%d", i)
		tuple.Components = append(tuple.Components, component)
	}
	return tuple, nil
}

// splitList parts a list at the commas that no bracket encloses.
func splitList(text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	var parts []string
	depth, start := 0, 0
	for i, c := range text {
		switch {
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == ',' && depth == 0:
			parts = append(parts, strings.TrimSpace(text[start:i]))
			start = i + 1
		}
		if depth < 0 {
			break
		}
	}
	if depth != 0 {
		return nil, errors.New("brackets do not match")
	}
	return append(parts, strings.TrimSpace(text[start:])), nil
}
