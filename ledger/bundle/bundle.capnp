@0xb7a1f0c4d2e93a56;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("hefu::bundle_schema");

# The content of a bundle file, of whatever level. The file is the line "hefu-bundle/1\n", then the
# canonical bytes of one Bundle (single segment, no framing). The same logs, cut and pack give the
# same bytes.

struct Bundle {
  version @0 :UInt16;       # 1; 2 if it has attestations; 3 if it has anything marked so below
  charter @1 :Text;         # the charter note
  claim @2 :Claim;
  logs @3 :List(Log);       # sorted by origin
  missing @4 :List(Text);   # origins of members whose log could not be had, sorted
  attestations @5 :List(Statement);  # sorted by their envelopes' bytes; none in version 1
  # From here on version 3; before it, a bundle is of level 2, or 4 if its logs are whole.
  level @6 :UInt8;          # 0, 1, 2 (also of whole logs) or 3
  declared @7 :List(Data);  # level 0: envelopes, in rising order
  aside @8 :List(Text);     # levels 1 and 3: members that may not count as attesters, sorted
  range @9 :Range;          # levels 1 and 3: none if all is default
  samples @10 :Samples;     # level 3
  checksum @11 :Data;       # SHA-256 of the canonical bytes of the same Bundle without it
}

struct Range {
  prefix @0 :Data;          # of the keys in the tree of claims; empty: the whole tree of units
  proof @1 :Data;           # KeyRangeProof
}

struct Samples {
  asked @0 :UInt32;         # how many were to be drawn, in each direction
  value @1 :Text;           # the public value they were drawn with
  seed @2 :Data;            # 32 bytes: what that gives, with the figure
  leaves @3 :List(Leaf);    # that were drawn, and those traced entries led to; by place
}

struct Leaf {
  place @0 :UInt64;
  key @1 :Data;
  payload @2 :Data;
  nodes @3 :Data;           # AggTree proof of [place, place + 1)
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
  report @4 :Text;          # canonical JSON of the figures; empty at levels 0, 1 and 3
  indicator @5 :Text;       # levels 0, 1 and 3: the figure it is about (version 3)
}

struct Log {
  origin @0 :Text;
  checkpoint @1 :Text;      # cosigned note: the log's place in the cut
  anchor @2 :UInt64;        # index of the anchor whose indexes are used; 2^64-1 if none
  slices @3 :List(Slice);   # the anchor's whole type index, sorted by type
  entries @4 :List(Entry);  # sorted by index
  # Version 3. A cut may read a log only so far, though its checkpoint is of a larger size.
  place @5 :Place;          # none if all is default: the checkpoint's own size and root
  corrections @6 :Data;     # level 3: the anchor's whole supersession list, 40 bytes an entry
}

struct Place {
  size @0 :UInt64;
  root @1 :Data;            # 32 bytes
  consistency @2 :Data;     # RFC 6962 proof that the checkpoint's tree begins so, 32 bytes a hash
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
