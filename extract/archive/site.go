package archive

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/vaultperf/vaultperf/extract/input"
	"github.com/vaultperf/vaultperf/extract/snippet"
	models "github.com/vaultperf/vaultperf/sql"
)

// Kinds of archives, next to what is recognised by its columns: figures that another site
// printed of a vault, and what stands behind a price: the state of lending markets, what
// vaults have in them, and what tokens cost.
const (
	kindSite        = input.KindSite
	kindMarkets     = input.KindMarkets
	kindAllocations = input.KindAllocations
	kindPrices      = input.KindPrices
)

// ArchiveKinds are what an archive's files may be said to hold.
var ArchiveKinds = []string{kindSite, kindMarkets, kindAllocations, kindPrices}

// SiteColumns are the columns of a file of such figures, as the config and the
// documentation name them.
var SiteColumns = []string{"site", "figure", "vault", "observed_at", "value", "chain_id"}

// The most that a site's or a figure's name may have, and a figure as text.
const (
	maxSiteName  = 100
	maxSiteValue = 40
)

const wantFigure = "a number as a fraction (0.0718) or in per cent (7.18%)"

// siteFigures turns the rows of one CSV file into rows of raw.site_figures.
type siteFigures struct {
	*readings // finds vaults, times and refusals
	at        map[string]int
	text      *csv.Reader
	width     int
}

// importSite adds a file's figures to raw.site_figures within conn's transaction. As of
// readings, rows of vaults that are not configured and those without a figure are set
// aside, and any other that cannot be read refuses the file.
func importSite(ctx context.Context, conn *sql.Conn, s source, in fileInput) (c counts, err error) {
	f := &siteFigures{readings: newReadings(in), at: map[string]int{}}
	if s.container != inCSV {
		return counts{}, f.refuse(0, "a CSV file with the columns "+strings.Join(SiteColumns[:5], ", "), "another kind of file")
	}
	file, err := s.open()
	if err != nil {
		return counts{}, err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	text := bufio.NewReaderSize(readUntilDone(ctx, file), bufferBytes)
	if err := dropBOM(text); err != nil {
		return counts{}, f.readError(err)
	}
	f.text = csv.NewReader(text)
	f.text.ReuseRecord = true
	var unreadable error
	err = models.Append(ctx, conn, "raw", "site_figures", func(add func(values ...any) error) error {
		f.add = add
		unreadable = f.readAll()
		return unreadable
	})
	var refusal *input.Error
	if errors.As(unreadable, &refusal) {
		return counts{}, refusal
	}
	return f.counts, err
}

func (f *siteFigures) readAll() error {
	header, err := f.text.Read()
	if err != nil {
		return f.csvError(err, 0, 0)
	}
	line, _ := f.text.FieldPos(0)
	if err := f.setColumns(int64(line), header); err != nil {
		return err
	}
	for {
		row, err := f.text.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return f.csvError(err, f.width, len(row))
		}
		line, _ := f.text.FieldPos(0)
		if err := f.takeFigure(int64(line), row); err != nil {
			return err
		}
	}
}

// setColumns finds the columns by their names, or by those that the config maps to them.
func (f *siteFigures) setColumns(line int64, header []string) error {
	names := make([]string, len(header))
	for i, name := range header {
		names[i] = strings.TrimSpace(name)
	}
	f.width = len(header)
	for _, field := range SiteColumns {
		name, isMapped := f.in.archive.Columns[field]
		if !isMapped {
			name = field
		}
		if i := slices.Index(names, name); i >= 0 {
			f.at[field] = i
			continue
		}
		isOptional := field == "chain_id" || field == "vault" && f.in.archive.Vault != ""
		if isMapped || !isOptional {
			return f.refuse(line, "a column "+snippet.Line(name), columnList(names))
		}
	}
	// messages about the two columns that readings have as well name them
	f.layout.names = readingColumns
	return nil
}

func (f *siteFigures) cell(row []string, field string) string {
	if i, isThere := f.at[field]; isThere {
		return strings.TrimSpace(row[i])
	}
	return ""
}

func (f *siteFigures) takeFigure(line int64, row []string) error {
	f.counts.read++
	cells := readingRow{colVault: f.cell(row, "vault"), colChainID: f.cell(row, "chain_id"), colObservedAt: f.cell(row, "observed_at")}
	if _, isThere := f.at["vault"]; !isThere {
		cells[colVault] = f.in.archive.Vault
	}
	vault, err := f.vault(line, &cells)
	if err != nil || vault == nil {
		return err
	}
	at, err := f.time(line, &cells, vault)
	if err != nil {
		return err
	}
	site, figure := f.cell(row, "site"), f.cell(row, "figure")
	for _, name := range []struct{ column, text string }{{"site", site}, {"figure", figure}} {
		if !isSiteName(name.text) {
			return f.refuse(line, fmt.Sprintf("%s as 1 to %d printable characters", name.column, maxSiteName), snippet.Quoted(name.text))
		}
	}
	text := f.cell(row, "value")
	if isNoValue(text) {
		f.setAside(emptyValue, line, fmt.Sprintf("%s %s of %s", snippet.Line(site), snippet.Line(figure), vault.ID))
		return nil
	}
	value, step, ok := parsePrinted(text)
	if !ok {
		return f.refuse(line, "value as "+wantFigure, snippet.Quoted(text))
	}
	f.counts.kept++
	f.counts.new++
	return f.add(int32(f.in.id), line, site, figure, vault.ID, at, value, step)
}

// isSiteName says whether a text can be a site's or a figure's name.
func isSiteName(text string) bool {
	isOdd := func(c rune) bool { return !unicode.IsPrint(c) || c == unicode.ReplacementChar }
	return text != "" && len(text) <= maxSiteName && !strings.ContainsFunc(text, isOdd)
}

// isNoValue says whether a cell says that there is no value, as sites and providers of
// rates write it.
func isNoValue(text string) bool {
	return text == "" || text == "." || strings.EqualFold(text, "na") || strings.EqualFold(text, "n/a") || strings.EqualFold(text, "null")
}

// parsePrinted reads a figure as a fraction, and what its last digit is worth: 7.18% is
// 0.0718 with a step of 0.0001, and so is 0.0718.
func parsePrinted(text string) (value, step float64, ok bool) {
	if len(text) > maxSiteValue {
		return 0, 0, false
	}
	number, isPercent := strings.CutSuffix(text, "%")
	number = strings.TrimSpace(number)
	mantissa, exponent, hasExponent := strings.Cut(strings.ToLower(number), "e")
	if strings.Trim(mantissa, "+-.0123456789") != "" {
		return 0, 0, false
	}
	shift := 0
	if hasExponent {
		n, err := strconv.Atoi(exponent)
		if err != nil || n < -300 || n > 300 {
			return 0, 0, false
		}
		shift = n
	}
	if isPercent {
		shift -= 2
	}
	// as text, since a division by 100 would cost the last digit
	value, err := strconv.ParseFloat(mantissa+"e"+strconv.Itoa(shift), 64)
	if err != nil || math.Abs(value) > 1e15 {
		return 0, 0, false
	}
	places := shift
	if point := strings.IndexByte(mantissa, '.'); point >= 0 {
		places -= len(mantissa) - point - 1
	}
	return value, math.Pow10(places), true
}
