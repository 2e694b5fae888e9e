declare module 'hefu:choices' {
  /// Chinese words for the values of enumerations; build.mjs reads them from the list that
  /// spreadsheets go by as well (tools/sheet/enum_words.cc).
  const words: Record<string, string>;
  export default words;
}
