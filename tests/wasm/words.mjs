// What the verifier says, in Chinese: every sentence of a bundle's verdict has one, at every level.
//   node words.mjs WORDS.js
// WORDS.js: api/console/src/verdict_words.ts, bundled. The sentences are those of ledger/bundle; a
// sentence that changes there and is not known here any more shows in check.mjs, too.

import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';

const [script] = process.argv.slice(2);
if (!script) throw new Error('usage: node words.mjs WORDS.js');
const { claimWords, findingWords, subjectWords } = await import(pathToFileURL(script));

const hex = 'a'.repeat(64);
const id = '12150000000000027U';
const log = 'log imust.example/hefu/1';

const claims = [
  'declared',
  'recomputed by 2 of 3 independent nodes',
  'recomputed by this verifier from complete slices',
  'arithmetic proven; at most 4.95 % wrong at 95 % from 59 samples; recomputed by 2 of 3 independent nodes',
  'arithmetic proven; none of 7 leaves wrong, all there are; recomputed by 2 of 3 independent nodes',
  'recomputed from everything',
];

const found = [
  ['level', 'a bundle of level 1 has no samples'],
  ['level', 'a bundle of level 3 needs range'],
  ['charter', 'is the one you trust; root signatures of all 4 founders hold'],
  ['charter', `is that of federation ${hex}, you trust ${hex}`],
  ['charter', 'was changed by 2 decisions and 1 new keys, all signed and witnessed; 5 members take part'],
  [log, 'checkpoint of 120 entries signed by the log and 3 independent witnesses (2 needed), seen as its latest on 2026-11-22T10:00:00.000Z'],
  [log, 'checkpoint of 120 entries signed by the log and 3 independent witnesses (2 needed), undated'],
  [log, 'checkpoint of 120 entries, which begins with the 90 entries of the cut signed by the log and 3 independent witnesses (2 needed), seen as its latest on 2026-11-22T10:00:00.000Z'],
  [log, 'checkpoint of 120 entries signed by the log and 3 independent witnesses (its end, as the members decided), undated'],
  [log, '12 events: signatures and inclusion hold, every slice is complete'],
  [log, '12 events: signatures and inclusion hold, corrections, retractions, disputes, findings and violations are complete'],
  [log, '12 events: signatures and inclusion hold'],
  [log, 'is in the bundle and also listed as missing'],
  [log, 'is listed as missing but belongs to no member of the charter'],
  [log, 'continues a log that is listed as missing'],
  [log, 'its checkpoint carries a signature line by imust.example/hefu/1, which the charter does not know'],
  [log, 'its checkpoint does not begin with the 90 entries that the cut reads'],
  [log, 'ended at size 80, the bundle holds it up to 90'],
  [log, 'carries an index, which a bundle of level 1 has no use for'],
  [log, 'carries a type index but names no anchor'],
  [log, 'the type index in the bundle is not the one its anchor commits to'],
  [log, 'the list of corrections is not the one its anchor commits to'],
  [log, 'entry 7 was withheld: it corrects an event of the bundle'],
  [`${log} entry 7`, 'was drawn, and is withheld'],
  [`${log} entry 7`, 'its record counts, and its leaf in the attested tree is not shown'],
  ['the figure', 'not looked at, because of what is wrong above'],
  ['figure', `classes.opened of the whole programme for 2025 is attested to be 3 from 3 units, cut ${hex}`],
  ['pack', `the authority's log holds pack ${hex}, the bundle claims ${hex}`],
  ['pack', `baotou.xdrh/1.0.0 ${hex} is published in the authority's log`],
  ['pack', `baotou.xdrh/1.0.0 ${hex} is the one given`],
  ['pack', `the one given has digest ${hex}, the bundle claims ${hex}`],
  ['attestations', 'recomputed by 2 of 3 independent nodes, as the pack asks'],
  ['attestations', 'recomputed by 2 of 3 independent nodes (hefu/1), as the pack asks: classes.opened, bases.active'],
  ['attestations', 'recomputed by 1 of 3 independent nodes (hefu/1); the pack asks for more: independent 1 of 2: classes.opened'],
  ['attestations', 'recomputed by 1 of 3 independent nodes; the pack asks for more: independent 1 of 2'],
  ['attestations', `of ${id} does not count (reported)`],
  ['attestations', `of ${id} do not count (contradicts-itself): classes.opened`],
  ['attestations', `signed in their own logs and witnessed: by ${id}, ${id}`],
  ['attestations', 'none of this figure, so nobody is known to have recomputed it'],
  ['attestations', `${id} attested something else; \`hefu figure why\` says who is wrong`],
  ['attestations', `${id} attested something else than these events give: classes.opened; \`hefu figure why\` says who is wrong`],
  ['attestations', `sets aside ${id}, which is no member`],
  ['attestation 00112233aabbccdd', `of ${id} is about another cut, pack or period than the bundle`],
  ['other nodes', 'no attestation is in the bundle, so nobody but this program is known to have recomputed it; `hefu bundle attach` adds what members attested'],
  ['quorum', `the pack is not here, only its digest ${hex}: whether it asks for more attestations, and its tests were passed, was not judged; give it with --pack`],
  ['range', `is of ${id}, claimed is ${id}`],
  ['range', `the directory has another place for ${id}`],
  ['arithmetic', 'the 3 units of the attested tree add up to 7/2'],
  ['arithmetic', `${id} and those below it claim 3 in 3 units of the attested tree`],
  ['independence', "that the figure is no attesting member's own, and none is related to who is reported on, is the word of whoever made the bundle"],
  ['independence', `that only ${id}, ${id} are reported on or related to who is, is the word of whoever made the bundle`],
  ['place', `that ${id} stands there in the directory: ${id}/${id}`],
  ['the events', 'none of them are here: that the figure follows from them is the word of those that attested it; a bundle of level 2 lets you recompute it, one of level 3 look at samples'],
  ['samples', '59 of 400 leaves drawn, each is what the pack\'s rule gives of its events, signatures and countersignatures'],
  ['samples', '7 of 7 leaves drawn, all there are, each is what the pack\'s rule gives of its events, signatures and countersignatures'],
  ['samples', 'not evaluated, because events they need were withheld'],
  ['samples', 'the seed is not what it is said to be'],
  ['samples', 'the events drawn give parts that the attested scale of 2 cannot tell apart'],
  ['leaf 12', 'was neither drawn nor led to'],
  ['leaf 12', 'was drawn, and is withheld'],
  ['leaf 12', 'is not the one in the attested tree'],
  ['leaf 12', 'has 2/1, the events give 1/1'],
  ['tracing', '20 entries of the logs drawn, each is in the figure or a named rule leaves it out: 3 counted'],
  ['tracing', '1 of the entries drawn do not count for want of further events (countersignatures, a proven time, what they add to): that the logs hold none is not shown, and whoever made the bundle could have kept them back; one of level 2 shows it'],
  ['how samples were drawn', 'CHOSEN BY WHOEVER MADE THE BUNDLE: the value "03 09 11" was given by them, so that they could try values until the samples suited them; believe it only if the value was fixed before, or could not be chosen'],
  ['the other leaves', '341 of 400 were not looked at: the limit above is all that is known of them'],
  ['units left out', 'that nothing else should count is known of the 59 entries drawn alone'],
  ['documents', 'whether the authority had published a later catalogue, and whether another record claims the same unit, is not shown'],
  ['the indexes', "each log's own index is trusted for what corrects or speaks against a record, as far as the members who recomputed it while witnessing"],
  ['the indexes', 'none is trusted: every log is here whole'],
  ['declared', `${id} is no member of the charter`],
  ['declared', `signed by 某大学 (${id}): 3 training-cohort, 1 countersignature`],
  ['event 00112233aabbccdd', `is made in the name of ${id}`],
  ['event 00112233aabbccdd', 'is a statement about another pack or period'],
  ['statement', `signed by 某大学 (${id}) for 2025: figures ${hex} at cut ${hex}`],
  ['everything else', `that these are in any log, were not withdrawn or disputed, are all there is for or against classes.opened, and what figure follows: nobody but 某大学 (${id}) vouches for them here; bundles of level 1 and up show more`],
  ['vintage 1 of 2025', `closed by ${id} on 2026-01-20 at cut ${hex}, as of 2025-12-31: its figures are those that the events up to its cut give; since then: days.open 3 → 2`],
  ['vintage 1 of 2025', `closed by ${id} on 2026-01-20 at cut ${hex}, as of 2025-12-31: its figures are those that the events up to its cut give; nothing has changed them since`],
  ['vintage 1 of 2025', `closed by ${id} on 2026-01-20 at cut ${hex}, as of 2025-12-31: its figures are those that the events up to its cut give`],
  ['vintage 1 of 2025', `closed by ${id} on 2026-01-20 at cut ${hex}, as of 2025-12-31: the figures it froze are not those that the events up to its cut give`],
  ['vintage 1 of 2025', `closed by ${id} on 2026-01-20 at cut ${hex}, as of 2025-12-31: with another version of the pack, whose events may not all be here`],
  ["the bundle's own figures", 'are those of its cut, which may hold more than the last vintage froze'],
];

/// Names of programs, types and indicators stay; two English words in a row are a sentence.
const isChinese = (text) => /\p{Script=Han}/u.test(text) && !/[a-z]{3,} [a-z]{2,}/.test(text.replace(/hefu [a-z]+ [a-z]+/g, ''));

for (const claim of claims) {
  const said = claimWords(claim, 'zh');
  assert.ok(isChinese(said), `${claim}: ${said}`);
  assert.equal(claimWords(claim, 'en'), claim);
}
for (const [subject, text] of found) {
  const of = subjectWords(subject, 'zh');
  const said = findingWords(text, 'zh');
  assert.ok(/\p{Script=Han}/u.test(of), `${subject}: ${of}`);
  assert.ok(isChinese(said) && !/[{}$]|undefined/.test(said), `${text}: ${said}`);
  assert.equal(findingWords(text, 'en'), text);
}
assert.equal(findingWords('something new', 'zh'), 'something new', 'what is not known is shown as it is');
console.log(`ok    ${claims.length} claims and ${found.length} findings of all levels have Chinese words`);
