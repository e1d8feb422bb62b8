package xlsx

import (
	"archive/zip"
	"cmp"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"slices"
)

// An orderedZip is the archive excelize writes into. excelize takes the streamed
// sheets from a map, so their order changes from run to run: each part is packed
// as it comes and the archive is laid out by name at the end. What excelize would
// hold of it whole goes past it, to the workbook's own writer.
type orderedZip struct {
	w     io.Writer
	later map[string]func(io.Writer) error // writes rows into a part
	parts []*zipPart
	flate *flate.Writer
}

type zipPart struct {
	name   string
	packed chunks
	size   uint64
	sum    uint32
	flate  *flate.Writer
	rows   *spliced // nil: it comes whole
}

// Create begins a part and ends the one before.
func (z *orderedZip) Create(name string) (io.Writer, error) {
	if err := z.end(); err != nil {
		return nil, err
	}
	part := &zipPart{name: name}
	if z.flate == nil {
		var err error
		// Level 5 takes a tenth less time than the default for a hundredth more bytes.
		if z.flate, err = flate.NewWriter(&part.packed, 5); err != nil {
			return nil, err
		}
	} else {
		z.flate.Reset(&part.packed)
	}
	part.flate = z.flate
	z.parts = append(z.parts, part)
	if rows := z.later[name]; rows != nil {
		part.rows = &spliced{rows: rows}
		return &part.rows.held, nil
	}
	return part, nil
}

func (p *zipPart) Write(b []byte) (int, error) {
	p.size += uint64(len(b))
	p.sum = crc32.Update(p.sum, crc32.IEEETable, b)
	return p.flate.Write(b)
}

func (z *orderedZip) end() error {
	if len(z.parts) == 0 {
		return nil
	}
	if last := z.parts[len(z.parts)-1]; last.rows != nil {
		err := last.rows.to(last)
		last.rows = nil
		if err != nil {
			return err
		}
	}
	return z.flate.Close()
}

// AddFS is not needed: excelize has no files of its own to add.
func (z *orderedZip) AddFS(fs.FS) error { return errors.ErrUnsupported }

// Close writes the archive.
func (z *orderedZip) Close() error {
	if err := z.end(); err != nil {
		return err
	}
	slices.SortFunc(z.parts, func(a, b *zipPart) int { return cmp.Compare(a.name, b.name) })
	archive := zip.NewWriter(z.w)
	for _, p := range z.parts {
		w, err := archive.CreateRaw(&zip.FileHeader{
			Name: p.name, Method: zip.Deflate, CRC32: p.sum,
			CompressedSize64: uint64(p.packed.size), UncompressedSize64: p.size,
		})
		if err != nil {
			return err
		}
		if err := p.packed.to(w); err != nil {
			return err
		}
	}
	return archive.Close()
}

// chunks are bytes that are written once and read once: a buffer that doubles would hold
// a large sheet three times.
type chunks struct {
	of   [][]byte
	size int
}

// longestChunk is how many bytes lie together.
const longestChunk = 1 << 20

func (c *chunks) Write(b []byte) (int, error) {
	written := len(b)
	c.size += written
	for len(b) > 0 {
		if n := len(c.of); n == 0 || len(c.of[n-1]) == cap(c.of[n-1]) {
			c.of = append(c.of, make([]byte, 0, min(longestChunk, 4096<<min(n, 8))))
		}
		last := &c.of[len(c.of)-1]
		n := min(len(b), cap(*last)-len(*last))
		*last = append(*last, b[:n]...)
		b = b[n:]
	}
	return written, nil
}

// to writes all, and lets go of it.
func (c *chunks) to(w io.Writer) error {
	for i, b := range c.of {
		if _, err := w.Write(b); err != nil {
			return err
		}
		c.of[i] = nil
	}
	return nil
}
