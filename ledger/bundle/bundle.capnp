@0xb7a1f0c4d2e93a56;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("hefu::bundle_schema");

# The content of a bundle file. The file is the line "hefu-bundle/1\n", then the canonical bytes of
# one Bundle (single segment, no framing). The same logs, cut and pack give the same bytes.

struct Bundle {
  version @0 :UInt16;       # 1; 2 if it has attestations
  charter @1 :Text;         # the charter note
  claim @2 :Claim;
  logs @3 :List(Log);       # sorted by origin
  missing @4 :List(Text);   # origins of members whose log could not be had, sorted
  attestations @5 :List(Statement);  # sorted by their envelopes' bytes; none in version 1
}

struct Statement {
  envelope @0 :Data;        # of a view-attestation about the bundle's cut
  proof @1 :Text;           # .tlog-proof of it in its author's log, under a later checkpoint
}

struct Claim {
  pack @0 :Text;            # pack id
  packDigest @1 :Data;      # 32 bytes
  period @2 :Text;
  node @3 :Text;            # empty: the whole programme
  report @4 :Text;          # canonical JSON of the figures
}

struct Log {
  origin @0 :Text;
  checkpoint @1 :Text;      # cosigned note: the log's place in the cut
  anchor @2 :UInt64;        # index of the anchor whose indexes are used; 2^64-1 if none
  slices @3 :List(Slice);   # the anchor's whole type index, sorted by type
  entries @4 :List(Entry);  # sorted by index
}

struct Slice {
  type @0 :Text;
  size @1 :UInt64;
  root @2 :Data;            # 32 bytes
}

struct Entry {
  index @0 :UInt64;
  envelope @1 :Data;
  proof @2 :Data;           # inclusion path at the checkpoint's size, 32 bytes a hash
}
