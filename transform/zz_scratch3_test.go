package transform

import (
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	models "github.com/vaultperf/vaultperf/sql"
)

func TestScratchQ(t *testing.T) {
	path := os.Getenv("Q")
	if path == "" {
		t.Skip()
	}
	b, _ := os.ReadFile(path)
	db, err := models.Open(t.Context(), os.Getenv("QDB"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, q := range strings.Split(string(b), ";\n") {
		if strings.TrimSpace(q) == "" {
			continue
		}
		rows, err := db.Query(q)
		if err != nil {
			fmt.Println("ERR", q, err)
			continue
		}
		names, _ := rows.Columns()
		fmt.Println("--", q)
		for rows.Next() {
			v := make([]sql.NullString, len(names))
			p := make([]any, len(names))
			for i := range v {
				p[i] = &v[i]
			}
			if err := rows.Scan(p...); err != nil {
				fmt.Println(err)
			}
			var s []string
			for _, x := range v {
				if x.Valid {
					s = append(s, x.String)
				} else {
					s = append(s, "NULL")
				}
			}
			fmt.Println(strings.Join(s, " | "))
		}
		rows.Close()
	}
}
