declare module 'hefu:choices' {
  /// Chinese words for the values of enumerations; build.mjs reads them from the catalogue
  /// (deploy/catalogue/hefu-cn-1.json).
  const words: Record<string, string>;
  export default words;
}
