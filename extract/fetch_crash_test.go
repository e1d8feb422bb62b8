package extract

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	process "os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vaultperf/vaultperf/extract/blocks"
	"github.com/vaultperf/vaultperf/extract/extracttest"
	models "github.com/vaultperf/vaultperf/sql"
	"github.com/vaultperf/vaultperf/sql/sqltest"
)

// fetcherVariable makes the test binary a process that fetches: its value is
// the database, a space, and a node's URL.
const fetcherVariable = "VAULTPERF_TEST_FETCHER"

func TestMain(m *testing.M) {
	if job := os.Getenv(fetcherVariable); job != "" {
		os.Exit(fetchAlone(job))
	}
	if crowd := os.Getenv(crowdVariable); crowd != "" {
		os.Exit(serveAlone(crowd))
	}
	if job := os.Getenv(timedVariable); job != "" {
		os.Exit(doTimed(job))
	}
	os.Exit(m.Run())
}

func fetchAlone(job string) int {
	path, url, _ := strings.Cut(job, " ")
	ctx := context.Background()
	db, err := models.Open(ctx, path)
	if err == nil {
		opt := nodeOptions()
		opt.Nodes[0].URLs = []string{url}
		_, err = Run(ctx, db, opt)
		err = errors.Join(err, db.Close())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func startFetcher(t *testing.T, path, url string) *process.Cmd {
	t.Helper()
	cmd := process.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), fetcherVariable+"="+path+" "+url)
	cmd.Stderr = &strings.Builder{}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd
}

// TestNodeKilled kills a fetching process again and again, at random. What it
// had written is whole and is not asked for again, and in the end nothing is
// missing.
func TestNodeKilled(t *testing.T) {
	n := extracttest.NewFakeNode(t, 4000)
	want := honest(t, nodeOptions(n))
	n.MaxBlocks = 25
	n.Fault = func(_ http.ResponseWriter, method string, _ []extracttest.FakeRequest) bool {
		if method == "eth_getLogs" {
			time.Sleep(8 * time.Millisecond) // under the lock: one after the other
		}
		return false
	}
	path := filepath.Join(t.TempDir(), "killed.duckdb")
	random := rand.New(rand.NewPCG(1, 2))
	kills := 5
	if proving() {
		kills = 20
	}
	killed := 0
	for range kills {
		covered := coveredBlocks(t, path)
		n.Mu.Lock()
		n.Ranges = nil
		n.Mu.Unlock()
		cmd := startFetcher(t, path, n.URL)
		timer := time.AfterFunc(time.Duration(200+random.IntN(1500))*time.Millisecond, func() { _ = cmd.Process.Kill() })
		if err := cmd.Wait(); err != nil {
			killed++
		}
		timer.Stop()
		n.Mu.Lock()
		for _, r := range n.Ranges {
			for _, s := range covered {
				if uint64(r[1]) >= s.From && uint64(r[0]) <= s.To {
					t.Errorf("blocks %d to %d were asked for again, %d to %d were there", r[0], r[1], s.From, s.To)
				}
			}
		}
		n.Mu.Unlock()
	}
	if killed == 0 {
		t.Error("no process was killed")
	}
	n.Mu.Lock()
	n.Fault = nil
	n.Mu.Unlock()
	db := sqltest.OpenFile(t, path)
	defer func() { _ = db.Close() }()
	mustRun(t, db, nodeOptions(n))
	if got := sqltest.Query(t, db, nodeDigests); got != want {
		t.Errorf("after %d kills got\n%s\nwant\n%s", killed, got, want)
	}
}

// coveredBlocks are the spans that both filters have. The database of a killed
// process is opened as the next one would.
func coveredBlocks(t *testing.T, path string) (spans []blocks.Span) {
	t.Helper()
	db := sqltest.OpenFile(t, path)
	defer func() { _ = db.Close() }()
	rows, err := db.QueryContext(t.Context(), "select from_block, to_block from raw.coverage")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s blocks.Span
		if err := rows.Scan(&s.From, &s.To); err != nil {
			t.Fatal(err)
		}
		spans = append(spans, s)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return spans
}

// TestNodeTwoProcesses: the second finds the database taken, and says by whom.
func TestNodeTwoProcesses(t *testing.T) {
	n := extracttest.NewFakeNode(t, 1000)
	begun, release := make(chan struct{}), make(chan struct{})
	var once sync.Once
	n.Mu.Lock()
	n.Fault = func(_ http.ResponseWriter, method string, _ []extracttest.FakeRequest) bool {
		if method == "eth_getLogs" { // the first fetches until the second has ended
			once.Do(func() { close(begun) })
			<-release
		}
		return false
	}
	n.Mu.Unlock()
	path := filepath.Join(t.TempDir(), "shared.duckdb")
	first := startFetcher(t, path, n.URL)
	<-begun
	second := startFetcher(t, path, n.URL)
	err := second.Wait()
	close(release)
	if err == nil {
		t.Error("two processes had one database")
	}
	if said := fmt.Sprint(second.Stderr); !strings.Contains(said, fmt.Sprintf("is open in process %d", first.Process.Pid)) {
		t.Errorf("the second says %s", said)
	}
	if err := first.Wait(); err != nil {
		t.Errorf("the first: %v %v", err, first.Stderr)
	}
}

// TestNodeFullDisk runs out of room on the way. What was committed stays, and
// with room again the rest comes.
func TestNodeFullDisk(t *testing.T) {
	dir := t.TempDir()
	output, err := process.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", dir).CombinedOutput()
	if err != nil {
		t.Skipf("needs the right to mount: %v: %s", err, output)
	}
	t.Cleanup(func() {
		if output, err := process.Command("umount", dir).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, output)
		}
	})
	n := extracttest.NewFakeNode(t, 12_000)
	want := honest(t, nodeOptions(n))
	path := filepath.Join(dir, "small.duckdb")
	db := sqltest.OpenFile(t, path)
	_, err = Run(t.Context(), db, nodeOptions(n))
	if err == nil || !strings.Contains(strings.ToLower(err.Error()), "no space left") {
		t.Fatalf("got %v, want a full disk", err)
	}
	_ = db.Close() // the disk is still full
	if output, err := process.CommandContext(t.Context(), "mount", "-o", "remount,size=64m", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	db = sqltest.OpenFile(t, path)
	defer func() { _ = db.Close() }()
	if got := sqltest.Query(t, db, "select (select count(*) from raw.logs) - (select coalesce(sum(logs), 0)::bigint from raw.coverage)"); got != "0\n" {
		t.Errorf("%s logs more than coverage says", got)
	}
	mustRun(t, db, nodeOptions(n))
	if got := sqltest.Query(t, db, nodeDigests); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
