#include "api/forms/undertaking.h"

#include <algorithm>

namespace hefu::forms {

namespace {

std::string seal_name(const Member& member) {
  return member.domain + "/hefu/seal";
}

Result<Note> note_about(const Paper& paper, std::string_view text) {
  auto note = parse_note(text);
  if (!note) {
    return note.error().during("undertaking");
  }
  if (note->text != undertaking_text(paper)) {
    return Error{Errc::kConflict, "the undertaking is not about this form",
                 "something in the form was changed after it was signed, or the files do not "
                 "belong together; compare the form's root: " +
                     paper.root().hex()};
  }
  return note;
}

}  // namespace

std::string undertaking_text(const Paper& paper) {
  std::string title = paper.title;
  std::string words = paper.undertaking;
  for (std::string* text : {&title, &words}) {
    std::replace_if(
        text->begin(), text->end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; },
        ' ');
  }
  return "hefu/undertaking/v1\n" + paper.root().hex() + "\n" + title + "\n" + words + "\n";
}

Result<std::string> sign_undertaking(const Paper& paper, std::string_view before,
                                     const Member& member, const SecretKey& key) {
  if (paper.undertaking.empty()) {
    return Error{Errc::kUnsupported, paper.title + " asks for no undertaking", ""};
  }
  std::vector<NoteSignature> signatures;
  if (!before.empty()) {
    auto note = note_about(paper, before);
    if (!note) {
      return note.error();
    }
    signatures = note->signatures;
  }
  const std::string text = undertaking_text(paper);
  NoteSignature made = sign_note(text, seal_name(member), key);
  if (std::find(signatures.begin(), signatures.end(), made) != signatures.end()) {
    return Error{Errc::kConflict, "this institution has signed it already", ""};
  }
  signatures.push_back(std::move(made));
  return format_note(text, signatures);
}

Result<std::vector<const Member*>> verify_undertaking(const Paper& paper, std::string_view text,
                                                      const Charter& charter) {
  auto note = note_about(paper, text);
  if (!note) {
    return note.error();
  }
  std::vector<VerifierKey> known;
  for (const Member& member : charter.members) {
    for (const PublicKey& key : member.keys_ever(KeyRole::kSeal)) {
      known.push_back(VerifierKey::make(seal_name(member), kNoteEd25519, key));
    }
  }
  auto verified = verify_note(*note, known);
  if (!verified) {
    return verified.error().during("undertaking");
  }
  if (verified->size() != note->signatures.size()) {
    return Error{Errc::kUnverified,
                 "undertaking: a signature is of nobody whose seal the charter knows",
                 "give the charter with --trust, or ask a node of the federation"};
  }
  std::vector<const Member*> members;
  for (const VerifierKey& key : *verified) {
    for (const Member& member : charter.members) {
      if (seal_name(member) == key.name) {
        members.push_back(&member);
      }
    }
  }
  return members;
}

}  // namespace hefu::forms
