package family

// Fits says whether a contract that answered these functions is one of the family.
func (f Family) Fits(answered map[string][]byte) bool {
	for _, name := range f.Answers {
		if _, ok := answered[name]; !ok {
			return false
		}
	}
	for _, name := range f.Silent {
		if _, ok := answered[name]; ok {
			return false
		}
	}
	return len(f.Answers) > 0
}

// SafeRole names the account that holds the vault's assets.
const SafeRole = "safe"

// A RoleList is a function that answers with the holders of powers, one word each.
type RoleList struct {
	Function string   // empty: there is none
	Names    []string // of the powers, in its order; SafeRole: the vault's Safe

	Receivers []string          // those of Names who are paid, and decide nothing
	Families  map[string]string // of those of Names whose contract is always of one
}

// A Neighbour is a contract around a vault.
type Neighbour struct {
	Path   []string // the functions that lead from the vault to it; empty: none does
	Vault  string   // its function that names the vault; empty: it has none
	Role   string   // its relation to the vault
	Family string
	Name   string

	// Names are its events that name other contracts of the vault. Of those that are named,
	// one that names the vault and gives these Answers is such a neighbour.
	Names, Answers []string
}

// IsByName says that it may be found among what the logs of others name; if no function
// leads to it either, a config must name it.
func (n Neighbour) IsByName() bool { return n.Vault != "" && len(n.Answers) > 0 }

// A MemberList is a list of contracts that a vault keeps, with those that it once held:
// what they hold or do is not over when they are taken off it.
type MemberList struct {
	Count, Item string // the functions that give the length and, by number, a member
	Event       string // the name of the event that puts one on it; its only argument is the indexed address
	Argument    string // the name of that argument
	Role        string // a member's relation to the vault
	Family      string
	Name        string
}

// An Accountant is the contract that posts a vault's rate.
type Accountant struct {
	Family string
	Path   []string // the functions that lead from the vault to it
	Vault  string   // its function that names the vault
	Asset  string   // its function that names the asset of the rate
}
