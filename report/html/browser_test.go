package html

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// A browser is a headless Chromium without a network, driven over its
// debugging pipe.
type browser struct {
	tb      testing.TB
	in      io.Writer
	replies chan reply
	events  []reply
	id      int
	session string
}

// A reply is an answer, or with a method an event.
type reply struct {
	ID     int             `json:"id"`
	Method string          `json:"method"`
	Params json.RawMessage `json:"params"`
	Result json.RawMessage `json:"result"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error"`
}

// openBrowser starts Chromium, or skips the test where there is none.
func openBrowser(tb testing.TB) *browser {
	tb.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome-headless-shell"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		tb.Skip("pages are not opened: no chromium here")
	}
	cmd := exec.Command(path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars",
		"--proxy-server=127.0.0.1:9", "--remote-debugging-pipe", "--user-data-dir="+tb.TempDir(), "about:blank")
	theirIn, in := pipe(tb)
	out, theirOut := pipe(tb)
	cmd.ExtraFiles = []*os.File{theirIn, theirOut} // 3 and 4 over there
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	for _, f := range cmd.ExtraFiles {
		if err := f.Close(); err != nil {
			tb.Fatal(err)
		}
	}
	b := &browser{tb: tb, in: in, replies: make(chan reply, 4096)}
	go b.listen(out)
	tb.Cleanup(func() {
		kill := time.AfterFunc(10*time.Second, func() { _ = cmd.Process.Kill() })
		defer kill.Stop()
		_, _ = in.Write([]byte(`{"id":0,"method":"Browser.close"}` + "\x00"))
		_ = cmd.Wait() // its exit code says nothing of the page
	})
	b.attach()
	return b
}

func pipe(tb testing.TB) (*os.File, *os.File) {
	tb.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		tb.Fatal(err)
	}
	return r, w
}

func (b *browser) listen(out io.Reader) {
	defer close(b.replies)
	lines := bufio.NewReaderSize(out, 1<<20)
	for {
		message, err := lines.ReadBytes(0)
		if err != nil {
			return
		}
		var r reply
		if json.Unmarshal(message[:len(message)-1], &r) == nil {
			b.replies <- r
		}
	}
}

// attach opens a tab and asks for all it has to say.
func (b *browser) attach() {
	var target struct {
		TargetID  string `json:"targetId"`
		SessionID string `json:"sessionId"`
	}
	b.into(&target, "Target.createTarget", map[string]any{"url": "about:blank"})
	b.into(&target, "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true})
	b.session = target.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.call(domain+".enable", nil)
	}
}

// call sends a command and waits for its answer, keeping the events between.
func (b *browser) call(method string, params map[string]any) json.RawMessage {
	b.tb.Helper()
	b.id++
	message := map[string]any{"id": b.id, "method": method}
	if params != nil {
		message["params"] = params
	}
	if b.session != "" {
		message["sessionId"] = b.session
	}
	js, err := json.Marshal(message)
	if err != nil {
		b.tb.Fatal(err)
	}
	if _, err := b.in.Write(append(js, 0)); err != nil {
		b.tb.Fatal(err)
	}
	for {
		r := b.next()
		if r.Method != "" {
			b.events = append(b.events, r)
			continue
		}
		if r.ID == b.id {
			if r.Error != nil {
				b.tb.Fatalf("%s: %s", method, r.Error.Message)
			}
			return r.Result
		}
	}
}

func (b *browser) next() reply {
	b.tb.Helper()
	select {
	case r, ok := <-b.replies:
		if !ok {
			b.tb.Fatal("chromium went away")
		}
		return r
	case <-time.After(5 * time.Minute):
		b.tb.Fatal("chromium does not answer")
	}
	return reply{}
}

func (b *browser) into(v any, method string, params map[string]any) {
	b.tb.Helper()
	if err := json.Unmarshal(b.call(method, params), v); err != nil {
		b.tb.Fatal(err)
	}
}

// open loads a file and waits until it is drawn.
func (b *browser) open(path string) {
	b.tb.Helper()
	b.events = nil
	b.call("Page.navigate", map[string]any{"url": "file://" + path})
	for {
		r := b.next()
		b.events = append(b.events, r)
		if r.Method == "Page.loadEventFired" {
			break
		}
	}
	b.settle()
}

// settle waits for two frames.
func (b *browser) settle() {
	b.tb.Helper()
	b.eval(`new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done(1))), 50))`)
}

// eval returns an expression's value, JSON as Go has it.
func (b *browser) eval(expression string) any {
	b.tb.Helper()
	var r struct {
		Result struct {
			Value any `json:"value"`
		} `json:"result"`
		ExceptionDetails any `json:"exceptionDetails"`
	}
	b.into(&r, "Runtime.evaluate", map[string]any{"expression": expression, "returnByValue": true, "awaitPromise": true})
	if r.ExceptionDetails != nil {
		b.tb.Fatalf("%s: %v", expression, r.ExceptionDetails)
	}
	return r.Result.Value
}

// key presses Enter, Tab or Escape.
func (b *browser) key(name string) {
	b.tb.Helper()
	code := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27}[name]
	for _, kind := range []string{"keyDown", "keyUp"} {
		key := map[string]any{"type": kind, "key": name, "code": name, "windowsVirtualKeyCode": code}
		if name == "Enter" {
			key["text"] = "\r"
		}
		b.call("Input.dispatchKeyEvent", key)
	}
}

// complaints are what the page had to say on its console, and what it asked of
// a network.
func (b *browser) complaints() []string {
	var out []string
	for _, e := range b.events {
		var p struct {
			Entry struct {
				Text string `json:"text"`
			} `json:"entry"`
			Request struct {
				URL string `json:"url"`
			} `json:"request"`
		}
		if err := json.Unmarshal(e.Params, &p); err != nil {
			b.tb.Fatal(err)
		}
		switch e.Method {
		case "Log.entryAdded":
			out = append(out, p.Entry.Text)
		case "Runtime.exceptionThrown", "Runtime.consoleAPICalled":
			out = append(out, string(e.Params))
		case "Network.requestWillBeSent":
			if u := p.Request.URL; len(u) < 5 || (u[:5] != "file:" && u[:5] != "data:") {
				out = append(out, "asked for "+u)
			}
		}
	}
	return out
}

// screen sets the window's width and the colour scheme, light or dark.
func (b *browser) screen(width int, scheme string) {
	b.tb.Helper()
	b.call("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false})
	b.call("Emulation.setEmulatedMedia", map[string]any{"features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}})
	b.settle()
}

// shoot keeps a picture of the whole page, or of paper, if REPORT_SHOTS names a
// folder to keep it in.
func (b *browser) shoot(name string) {
	b.tb.Helper()
	dir := os.Getenv("REPORT_SHOTS")
	if dir == "" {
		return
	}
	method, params, suffix := "Page.captureScreenshot", map[string]any{"captureBeyondViewport": true}, ".png"
	if name == "printed" {
		method, params, suffix = "Page.printToPDF", map[string]any{"preferCSSPageSize": true, "printBackground": false}, ".pdf"
	}
	var r struct {
		Data string `json:"data"`
	}
	b.into(&r, method, params)
	data, err := base64.StdEncoding.DecodeString(r.Data)
	if err != nil {
		b.tb.Fatal(err)
	}
	if err := os.WriteFile(fmt.Sprintf("%s/%s%s", dir, name, suffix), data, 0o644); err != nil {
		b.tb.Fatal(err)
	}
}
