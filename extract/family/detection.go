package family

// Fits says whether a contract that answered these functions is a vault of the family.
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
}

// An Accountant is the contract that posts a vault's rate.
type Accountant struct {
	Family string
	Path   []string // the functions that lead from the vault to it
	Vault  string   // its function that names the vault
	Asset  string   // its function that names the asset of the rate
}
