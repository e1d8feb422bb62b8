package marts

import (
	"strings"
	"testing"
)

// TestSlugs: a folder's name is safe and unique, whatever the id.
func TestSlugs(t *testing.T) {
	ids := []string{
		"alusd", "AlUSD", "../../etc/passwd", "a.b", "", "con", "latest", "index.html", ".", "a/b", "a-b", "vault_1",
		strings.Repeat("x", 300), "\u202e", "a b\x00c",
	}
	var vaults []*Vault
	for _, id := range ids {
		vaults = append(vaults, &Vault{ID: id})
	}
	giveSlugs(vaults)
	seen := map[string]string{}
	for _, v := range vaults {
		if other, taken := seen[v.Slug]; taken {
			t.Errorf("%q and %q are both %q", v.ID, other, v.Slug)
		}
		seen[v.Slug] = v.ID
		if v.Slug == "" || len(v.Slug) > 80 || strings.Trim(v.Slug, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" || reservedSlug.MatchString(v.Slug) {
			t.Errorf("%q is %q", v.ID, v.Slug)
		}
	}
	for i, want := range map[int]string{0: "alusd", 10: "a-b", 11: "vault_1"} {
		if vaults[i].Slug != want {
			t.Errorf("%q is %q, want %q", ids[i], vaults[i].Slug, want)
		}
	}
}
