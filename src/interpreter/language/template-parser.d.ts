/** The one file of Handlebars that we use: its generated parser. It has no types of its own. */
declare module "handlebars/dist/cjs/handlebars/compiler/parser.js" {
  /** A place as the generated parser gives it: lines from 1, columns from 0. */
  export interface ParserPlace {
    readonly first_column: number;
    readonly last_column: number;
  }
  /** The generated parser. It builds its tree by calling the functions in `yy`. */
  const parser: {
    yy: object;
    readonly lexer: { readonly yylloc: ParserPlace };
    parse(text: string): unknown;
  };
  export default parser;
}
