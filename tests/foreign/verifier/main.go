// Verifies Hefu logs with other people's code: the note, tlog and Ed25519 packages of the Go
// project, which know nothing of Hefu. What it is told to trust is one charter file.
//
//	verifier -charter charter.note -node http://127.0.0.1:7410
//
// For every member's log: the checkpoint's signature and its witnesses' cosignatures, every tile
// and every entry against the signed root, an inclusion proof computed from the tiles for every
// entry, the node's own .tlog-proof files, and consistency of many earlier sizes. Then it falsifies
// what it just accepted, and expects each falsification to be refused.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

// cosigner verifies cosignature/v1 lines (C2SP tlog-cosignature). It is a note.Verifier, so that
// the note package does the parsing and the matching of key ids.
type cosigner struct {
	name string
	key  ed25519.PublicKey
}

func (c cosigner) Name() string { return c.name }

func (c cosigner) KeyHash() uint32 {
	hash := sha256.Sum256(append(append([]byte(c.name), '\n', 0x04), c.key...))
	return binary.BigEndian.Uint32(hash[:])
}

func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(sig), msg)
	return ed25519.Verify(c.key, []byte(signed), sig[8:])
}

type member struct {
	Domain, Origin string
	Keys           []struct{ Algorithm, Public, Role string }
}

func (m member) key(role string) ed25519.PublicKey {
	for _, key := range m.Keys {
		if key.Role == role {
			raw, err := base64.StdEncoding.DecodeString(key.Public)
			check(err, "charter: the key of %s", m.Domain)
			return raw
		}
	}
	fail("charter: %s has no %s key", m.Domain, role)
	return nil
}

type charter struct {
	Members []member
	Quorum  int
}

func check(err error, what string, args ...interface{}) {
	if err != nil {
		fail("%s: %v", fmt.Sprintf(what, args...), err)
	}
}

func fail(what string, args ...interface{}) {
	fmt.Fprintf(os.Stderr, "verifier: "+what+"\n", args...)
	os.Exit(1)
}

func verifier(name string, key ed25519.PublicKey) note.Verifier {
	vkey, err := note.NewEd25519VerifierKey(name, key)
	check(err, "key of %s", name)
	v, err := note.NewVerifier(vkey)
	check(err, "key of %s", name)
	return v
}

// openCharter checks that every founder's root key signed the charter.
func openCharter(path string) charter {
	text, err := os.ReadFile(path)
	check(err, "charter")
	lines := strings.SplitN(string(text), "\n", 3)
	if len(lines) < 3 {
		fail("charter: not a note")
	}
	var c charter
	check(json.Unmarshal([]byte(lines[1]), &c), "charter")
	var roots []note.Verifier
	for _, m := range c.Members {
		roots = append(roots, verifier(m.Domain+"/hefu/root", m.key("root")))
	}
	opened, err := note.Open(text, note.VerifierList(roots...))
	check(err, "charter")
	if len(opened.Sigs) != len(c.Members) {
		fail("charter: %d of %d founders signed", len(opened.Sigs), len(c.Members))
	}
	return c
}

// remoteLog reads a log over HTTP (C2SP tlog-tiles).
type remoteLog struct{ url string }

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 32<<20))
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", url, answer.Status, body)
	}
	return body, err
}

func (l remoteLog) Height() int { return tileHeight }

func (l remoteLog) SaveTiles([]tlog.Tile, [][]byte) {}

func (l remoteLog) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var data [][]byte
	for _, tile := range tiles {
		body, err := get(l.url + "/" + c2spPath(tile))
		if err != nil {
			return nil, err
		}
		data = append(data, body)
	}
	return data, nil
}

// c2spPath: tlog-tiles leaves the height out of Go's path, and calls level -1 "entries".
func c2spPath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func (l remoteLog) entries(size int64) [][]byte {
	var all [][]byte
	for n := int64(0); n*256 < size; n++ {
		width := size - n*256
		if width > 256 {
			width = 256
		}
		body, err := get(l.url + "/" + c2spPath(tlog.Tile{H: tileHeight, L: -1, N: n, W: int(width)}))
		check(err, "entries")
		for i := int64(0); i < width; i++ {
			if len(body) < 2 || len(body) < 2+int(binary.BigEndian.Uint16(body)) {
				fail("entries: bundle %d ends within entry %d", n, i)
			}
			length := 2 + int(binary.BigEndian.Uint16(body))
			all = append(all, body[2:length])
			body = body[length:]
		}
		if len(body) != 0 {
			fail("entries: %d bytes too many in bundle %d", len(body), n)
		}
	}
	return all
}

// openCheckpoint verifies the log's signature and at least quorum cosignatures of others.
func openCheckpoint(c charter, m member, text []byte) tlog.Tree {
	log := verifier(m.Origin, m.key("log"))
	known := []note.Verifier{log}
	for _, other := range c.Members {
		if other.Domain != m.Domain {
			known = append(known, cosigner{other.Domain + "/hefu/witness", other.key("witness")})
		}
	}
	opened, err := note.Open(text, note.VerifierList(known...))
	check(err, "%s: checkpoint", m.Domain)
	witnesses := 0
	logSigned := false
	for _, sig := range opened.Sigs {
		if sig.Name == m.Origin {
			logSigned = true
		} else {
			witnesses++
		}
	}
	if !logSigned || witnesses < c.Quorum {
		fail("%s: checkpoint: signed by the log: %v, witnesses: %d of %d", m.Domain, logSigned,
			witnesses, c.Quorum)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != m.Origin {
		fail("%s: checkpoint is of %q", m.Domain, lines[0])
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "%s: checkpoint size", m.Domain)
	root, err := tlog.ParseHash(lines[2])
	check(err, "%s: checkpoint root", m.Domain)
	return tlog.Tree{N: size, Hash: root}
}

// checkProofFile verifies a .tlog-proof (C2SP tlog-proof) of an entry.
func checkProofFile(c charter, m member, text, entry []byte) {
	parts := bytes.SplitN(text, []byte("\n\n"), 2)
	if len(parts) != 2 {
		fail("%s: .tlog-proof has no checkpoint", m.Domain)
	}
	lines := strings.Split(string(parts[0]), "\n")
	if lines[0] != "c2sp.org/tlog-proof@v1" {
		fail("%s: .tlog-proof begins with %q", m.Domain, lines[0])
	}
	lines = lines[1:]
	if strings.HasPrefix(lines[0], "extra ") {
		lines = lines[1:]
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64)
	check(err, "%s: .tlog-proof index", m.Domain)
	var proof tlog.RecordProof
	for _, line := range lines[1:] {
		hash, err := tlog.ParseHash(line)
		check(err, "%s: .tlog-proof hash", m.Domain)
		proof = append(proof, hash)
	}
	tree := openCheckpoint(c, m, parts[1])
	leaf := tlog.RecordHash(entry)
	check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf), "%s: .tlog-proof", m.Domain)
	if tlog.CheckRecord(proof, tree.N, tree.Hash, index, flipped(leaf)) == nil {
		fail("%s: a falsified entry was accepted", m.Domain)
	}
}

func flipped(hash tlog.Hash) tlog.Hash {
	hash[7] ^= 0x10
	return hash
}

func verifyLog(c charter, m member, node string) {
	log := remoteLog{node + "/log/" + m.Domain}
	text, err := get(log.url + "/checkpoint")
	check(err, "%s", m.Domain)
	tree := openCheckpoint(c, m, text)
	hashes := tlog.TileHashReader(tree, log)
	entries := log.entries(tree.N)
	for i, entry := range entries {
		proof, err := tlog.ProveRecord(tree.N, int64(i), hashes)
		check(err, "%s: entry %d", m.Domain, i)
		leaf := tlog.RecordHash(entry)
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), leaf), "%s: entry %d", m.Domain, i)
		if tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), flipped(leaf)) == nil {
			fail("%s: a falsified entry %d was accepted", m.Domain, i)
		}
	}
	sizes := 0
	for old := int64(1); old <= tree.N; old += 1 + old/8 {
		root, err := tlog.TreeHash(old, hashes)
		check(err, "%s: root at %d", m.Domain, old)
		proof, err := tlog.ProveTree(tree.N, old, hashes)
		check(err, "%s: consistency with %d", m.Domain, old)
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old, root), "%s: consistency with %d", m.Domain, old)
		if tlog.CheckTree(proof, tree.N, tree.Hash, old, flipped(root)) == nil {
			fail("%s: a falsified root at %d was accepted", m.Domain, old)
		}
		sizes++
	}
	proofs := checkProofFiles(c, m, node, entries)
	fmt.Printf("%s: %d entries included, %d earlier sizes consistent, %d .tlog-proof files hold\n",
		m.Origin, len(entries), sizes, proofs)
}

// checkProofFiles asks the node for the proofs of the log's events, up to a hundred.
func checkProofFiles(c charter, m member, node string, entries [][]byte) int {
	body, err := get(node + "/v1/events?limit=100&log=" + m.Domain)
	check(err, "%s: events", m.Domain)
	var page struct {
		Events []struct {
			ID    string
			Index int
		}
	}
	check(json.Unmarshal(body, &page), "%s: events", m.Domain)
	for _, event := range page.Events {
		if event.Index >= len(entries) {
			continue
		}
		text, err := get(node + "/v1/events/" + event.ID + "/proof")
		check(err, "%s: proof of %s", m.Domain, event.ID)
		checkProofFile(c, m, text, entries[event.Index])
	}
	if len(page.Events) == 0 {
		fail("%s: the node lists no event of this log", m.Domain)
	}
	return len(page.Events)
}

func main() {
	path := flag.String("charter", "", "the charter that is trusted")
	node := flag.String("node", "http://127.0.0.1:7410", "any node of the federation")
	flag.Parse()
	c := openCharter(*path)
	for _, m := range c.Members {
		verifyLog(c, m, *node)
	}
}
