package marts

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

const longestSlug = 64

var (
	unsafeInSlug = regexp.MustCompile(`[^a-z0-9_-]+`)
	// Names some file systems do not allow, and our own next to them.
	reservedSlug = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9]|latest)$`)
)

// giveSlugs gives each vault its folder's name. An id that is already a safe
// name is its own slug; any other is made safe and told apart by a digest. A
// slug has no dot, so it can neither leave the folder nor meet a file in it.
func giveSlugs(vaults []*Vault) {
	taken := map[string]bool{}
	for _, v := range vaults {
		if s := safeSlug(v.ID); s == v.ID {
			v.Slug = s
			taken[s] = true
		}
	}
	for _, v := range vaults {
		if v.Slug != "" {
			continue
		}
		digest := sha256.Sum256([]byte(v.ID))
		long := hex.EncodeToString(digest[:])
		for n := 8; v.Slug == "" || taken[v.Slug]; n++ {
			v.Slug = safeSlug(v.ID) + "-" + long[:n]
		}
		taken[v.Slug] = true
	}
}

func safeSlug(id string) string {
	s := strings.Trim(unsafeInSlug.ReplaceAllString(strings.ToLower(id), "-"), "-_")
	if len(s) > longestSlug {
		s = strings.TrimRight(s[:longestSlug], "-_")
	}
	if s == "" || reservedSlug.MatchString(s) {
		s = strings.TrimPrefix(s+"-vault", "-")
	}
	return s
}
