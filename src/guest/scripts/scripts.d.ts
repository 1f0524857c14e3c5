/** Scripts are imported as text, so that they also travel inside a compiled program. */
declare module '*.sh' {
  const text: string;
  export default text;
}

declare module '*.pl' {
  const text: string;
  export default text;
}
