package blobs

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// A sealed file is a mark and then pieces of 64 KiB, each under AES-256-GCM, the last one shorter or equal. The nonce
// is the piece's number and whether it is the last, so pieces cannot be swapped, repeated or cut off; the id is
// authenticated with each. A key seals one file only, so nonces never repeat under it.
const (
	mark       = "PBL1"
	pieceSize  = 64 << 10
	overhead   = 16
	sealedSize = pieceSize + overhead
)

func newCipher(key []byte) (cipher.AEAD, error) {
	if len(key) != 32 {
		return nil, ErrDamaged
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func nonce(piece int64, last bool) []byte {
	n := make([]byte, 12)
	binary.BigEndian.PutUint64(n, uint64(piece))
	if last {
		n[11] = 1
	}
	return n
}

// sealer reads plain bytes and gives sealed ones.
type sealer struct {
	from  io.Reader
	aead  cipher.AEAD
	id    []byte
	piece int64
	ahead []byte // the next piece, read to know whether the one before is the last
	out   []byte // sealed and not yet given
	done  bool
}

func newSealer(from io.Reader, id string, key []byte) (*sealer, error) {
	aead, err := newCipher(key)
	if err != nil {
		return nil, err
	}
	s := &sealer{from: from, aead: aead, id: []byte(id), out: []byte(mark)}
	s.ahead, err = s.next()
	return s, err
}

func (s *sealer) next() ([]byte, error) {
	piece := make([]byte, pieceSize)
	n, err := io.ReadFull(s.from, piece)
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return piece[:n], err
}

func (s *sealer) Read(p []byte) (int, error) {
	if len(s.out) == 0 {
		if s.done {
			return 0, io.EOF
		}
		current := s.ahead
		following, err := s.next()
		if err != nil {
			return 0, err
		}
		s.ahead, s.done = following, len(following) == 0
		s.out = s.aead.Seal(nil, nonce(s.piece, s.done), current, s.id)
		s.piece++
	}
	n := copy(p, s.out)
	s.out = s.out[n:]
	return n, nil
}

// Reader reads a sealed file from any place in it.
type Reader struct {
	file   readerAtCloser
	aead   cipher.AEAD
	id     []byte
	pieces int64
	size   int64
	at     int64
	held   int64 // the piece in plain, -1 for none
	plain  []byte
}

// newReader checks the mark and the last piece, so that a file that was cut off is noticed at once.
func newReader(file readerAtCloser, stored int64, id string, key []byte) (*Reader, error) {
	aead, err := newCipher(key)
	if err != nil {
		return nil, err
	}
	body := stored - int64(len(mark))
	head := make([]byte, len(mark))
	if _, err := file.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read file: %w", err)
	}
	pieces := (body + sealedSize - 1) / sealedSize
	if string(head) != mark || body < overhead {
		return nil, ErrDamaged
	}
	r := &Reader{file: file, aead: aead, id: []byte(id), pieces: pieces, size: body - pieces*overhead, held: -1}
	return r, r.hold(pieces - 1)
}

// Size is the number of plain bytes.
func (r *Reader) Size() int64 { return r.size }

// hold opens one piece.
func (r *Reader) hold(piece int64) error {
	if r.held == piece {
		return nil
	}
	length := int64(sealedSize)
	if piece == r.pieces-1 {
		length = r.size + r.pieces*overhead - piece*sealedSize
	}
	sealed := make([]byte, length)
	if n, err := r.file.ReadAt(sealed, int64(len(mark))+piece*sealedSize); int64(n) < length {
		return fmt.Errorf("read file: %w", err)
	}
	plain, err := r.aead.Open(sealed[:0], nonce(piece, piece == r.pieces-1), sealed, r.id)
	if err != nil {
		return ErrDamaged
	}
	r.held, r.plain = piece, plain
	return nil
}

// Read gives the next bytes.
func (r *Reader) Read(p []byte) (int, error) {
	if r.at >= r.size {
		return 0, io.EOF
	}
	if err := r.hold(r.at / pieceSize); err != nil {
		return 0, err
	}
	n := copy(p, r.plain[r.at%pieceSize:])
	r.at += int64(n)
	return n, nil
}

// Seek moves to another place.
func (r *Reader) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += r.at
	case io.SeekEnd:
		offset += r.size
	}
	if offset < 0 {
		return 0, errors.New("seek before the start")
	}
	r.at = offset
	return offset, nil
}

// Close lets the file go.
func (r *Reader) Close() error { return r.file.Close() }
