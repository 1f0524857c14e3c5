/** Pages are imported as text, so that they also travel inside a compiled program. */
declare module '*.txt' {
  const text: string;
  export default text;
}
