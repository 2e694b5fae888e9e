declare module 'hefu:choices' {
  /// Words for the values of enumerations, in Chinese and, where it says more than the value, in
  /// English; build.mjs reads them from the catalogue (deploy/catalogue/hefu-cn-1.json).
  const words: Record<string, readonly [zh: string, en?: string]>;
  export default words;
}
