// What the module finds, in Chinese. It speaks English, as the command does; a sentence that is not
// known here is shown as it is.

import type { Language } from './language';

const kSubjects: [RegExp, string][] = [
  [/^charter$/, '章程'],
  [/^file$/, '文件'],
  [/^receipt$/, '回执'],
  [/^checkpoint$/, '检查点'],
  [/^event$/, '事件'],
  [/^signature$/, '签名'],
  [/^figures$/, '数字'],
  [/^pack$/, '项目文件'],
  [/^the indexes$/, '索引'],
  [/^the facts themselves$/, '事实本身'],
  [/^later events$/, '之后的事件'],
  [/^log (\S+) entry (\d+)$/, '日志 $1 第 $2 条'],
  [/^log (\S+)$/, '日志 $1'],
];

const kFindings: [RegExp, string][] = [
  [/^is the one you trust; root signatures of all (\d+) founders hold$/,
    '就是您所信任的；$1 个发起成员的根签名都成立'],
  [/^taken from the bundle itself: compare federation (\w+) with what you know, or use --trust$/,
    '取自证据包本身：请把联盟编号 $1 与您所知道的核对，或给出您信任的章程'],
  [/^is that of federation (\w+), you trust (\w+)$/, '属于联盟 $1，而您信任的是 $2'],
  [/^was changed by (\d+) decisions and (\d+) new keys, all signed and witnessed; (\d+) members take part$/,
    '成立后有 $1 项决定、$2 把新密钥，都经签名和见证；现有 $3 个成员'],
  [/^checkpoint of (\d+) entries signed by the log and (\d+) independent witnesses \((.+)\), seen as its latest on (\S+)$/,
    '$1 条的检查点，由日志和 $2 个独立见证成员签名（$3），$4 时仍是最新'],
  [/^(\d+) events: signatures and inclusion hold, every slice is complete$/,
    '$1 条事件：签名和在日志中的位置都成立，所需的一件不少'],
  [/^of (.+) was not available to the exporter: what it holds, withdrawals too, is not in these figures$/,
    '属于$1，导出时拿不到：其中的内容（包括撤回）不在这些数字里'],
  [/^is neither in the bundle nor listed as missing$/, '既不在证据包里，也没有列为缺失'],
  [/^belongs to no member of the charter$/, '不属于章程里的任何成员'],
  [/^(\d+) of (\d+) events of type (\S+) withheld: .*$/, '类型 $3 的 $2 条事件被隐瞒了 $1 条'],
  [/^the events of type (\S+) are not those the log's own index lists$/,
    '类型 $1 的事件不是日志自己的索引所列的'],
  [/^entry (\d+) was withheld: entries after the last index must all be here$/,
    '第 $1 条被隐瞒：最后一次索引之后的条目必须都在'],
  [/^its anchor, entry (\d+), was withheld$/, '它的锚点（第 $1 条）被隐瞒'],
  [/^(.+) is not what the log holds there: its inclusion path does not lead to the witnessed root$/,
    '$1：日志在那里不是这一条，路径到不了经见证的根'],
  [/^(\S+) speaks in the name of (\S+), but stands in the log of (.+): it counts for nothing$/,
    '$1 以 $2 的名义写在$3的日志里：不计入'],
  [/^(.+) is published in the authority's log$/, '$1 已在管理方的日志里发布'],
  [/^recomputed from complete slices: identical to what is claimed, cut (\w+)$/,
    '由完整的事件重新算出，与所称的完全一致；截面 $1'],
  [/^not recomputed, because of what is wrong above$/, '没有重算：上面有不成立的'],
  [/^not recomputed, because events they need were withheld$/, '没有重算：所需事件被隐瞒'],
  [/^the figures claimed are not those the events give.*$/s, '所称的数字不是这些事件得出的'],
  [/^signatures prove who said what and when, not that a visit or a course took place: .*$/,
    '签名证明谁在何时说了什么，不证明走访或课程真的发生过：那要靠抽样和审计'],
  [/^whatever was recorded after this cut, a withdrawal included, is not in these figures; the oldest checkpoint in it was last witnessed on (.+)$/,
    '截面之后记录的（包括撤回）不在这些数字里；其中最旧的检查点最后一次被见证是在 $1'],
  [/^none is trusted: every log is here whole$/, '没有依赖任何索引：每本日志都是完整的'],
  [/^each log's own index is trusted as far as the members who recomputed it while witnessing; .*$/,
    '各日志自己的索引，可信程度取决于见证时重算过它的成员；整本日志的证据包（hefu bundle whole）不依赖任何索引'],
  [/^is of a newer schema than this program reads: use a newer one$/, '格式比本程序新：请用新版本'],
  [/^taken to be that of federation (\w+), with its founders and their keys: compare it with what you know$/,
    '按联盟 $1 的发起成员及其密钥判断：请与您所知道的核对'],
  [/^the receipt does not hold the event itself; without it nobody can say which event stands at index (\d+)$/,
    '回执里没有事件本身；没有它，谁也说不出第 $1 条是哪条事件'],
  [/^a receipt proves who said what and that it is on record, not that it happened$/,
    '回执证明谁说了什么、已经记录在案，不证明事情真的发生过'],
  [/^whether it was withdrawn, corrected or disputed since is not in a receipt: .*$/,
    '之后是否撤回、更正或有异议，回执里没有：证据包或任何成员的节点会说明'],
  [/^is none the charter names: it may be of a member that joined later, or of nobody$/,
    '章程里没有这本日志：可能属于后来加入的成员，也可能谁都不是'],
  [/^of (.+): checkpoint of (\d+) entries signed by the log and by (\d+) independent witnesses \((\d+) needed\)(?:, seen by enough of them on (\S+))?$/,
    '属于$1：$2 条的检查点，由日志和 $3 个独立见证成员签名（需要 $4 个）$5'],
  [/^(\S+) of (\S+), id (\w+): is entry (\d+) of the log of (.+)$/,
    '$2 的 $1（$3）：是$5的日志第 $4 条'],
  [/^(\S+) of (\S+), id (\w+): is not entry (\d+) of the log under this checkpoint$/,
    '$2 的 $1（$3）：不是这个检查点下日志的第 $4 条'],
  [/^of a (\S+) key of (.+) holds$/, '$2 的 $1 密钥签的，成立'],
  [/^does not hold$/, '不成立'],
  [/^its key is none of the charter's own; .*$/,
    '密钥不是章程自带的；它是谁的，成员的日志有记载，节点在记录事件之前核对过'],
];

function told(text: string, words: [RegExp, string][], language: Language): string {
  if (language !== 'zh') return text;
  const known = words.find(([pattern]) => pattern.test(text));
  return known ? text.replace(known[0], known[1]) : text;
}

export function subjectWords(text: string, language: Language): string {
  return told(text, kSubjects, language);
}

export function findingWords(text: string, language: Language): string {
  return told(text, kFindings, language);
}
