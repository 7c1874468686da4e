/** What a function calls one thing and then another: a parameter that it never uses, around a name that stands for nothing. */
import type * as TS from 'typescript'

/** The first parameter that is never used, of the functions around this place; lines and columns count from 1. */
export function unusedParameter(
  text: string,
  place: { readonly line: number; readonly column: number },
  ts: typeof TS,
): string | undefined {
  const source = ts.createSourceFile('answer.ts', text, ts.ScriptTarget.Latest, true)
  // Of a file that was saved meanwhile, that line may be gone.
  if (place.line > source.getLineStarts().length) return undefined
  const position = source.getPositionOfLineAndCharacter(place.line - 1, place.column - 1)
  const around = (node: TS.Node): TS.Node => {
    const inner = ts.forEachChild(node, (child) => (child.pos <= position && position < child.end ? child : undefined))
    return inner ? around(inner) : node
  }
  // What is called is no thing that was handed over, but a function that is missing.
  if (/^\w+\s*\(/.test(source.text.slice(position))) return undefined
  for (let node = around(source); !ts.isSourceFile(node); node = node.parent) {
    if (!ts.isFunctionLike(node) || !('body' in node) || !node.body) continue
    // The `t` of a test is there for its assertions.
    if (ts.isCallExpression(node.parent) && /\.test$/.test(node.parent.expression.getText())) continue
    const body = (node.body as TS.Node).getText()
    // `this.name` is a field, and `readonly name` makes one.
    const isUsed = (name: string) => new RegExp(`(?<![.\\w$])${name}(?![\\w$])`).test(body)
    const plain = node.parameters.filter((each) => !ts.isParameterPropertyDeclaration(each, node))
    const unused = plain.find(({ name }) => ts.isIdentifier(name) && !isUsed(name.text))
    if (unused) return unused.name.getText()
  }
  return undefined
}
