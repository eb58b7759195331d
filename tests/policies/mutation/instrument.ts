import * as ts from "typescript";

/** One small fault that could be in a file. */
export interface Mutant {
    readonly id: number;
    /** File and change: what it is known by. */
    readonly label: string;
    readonly line: number;
}

/** What the instrumented code asks of its surroundings: whether a mutant is the active one. */
export const activeMutant = "__activeMutant";

const swapped: ReadonlyMap<ts.SyntaxKind, readonly string[]> = new Map([
    [ts.SyntaxKind.EqualsEqualsEqualsToken, ["!=="]],
    [ts.SyntaxKind.ExclamationEqualsEqualsToken, ["==="]],
    [ts.SyntaxKind.LessThanToken, ["<=", ">="]],
    [ts.SyntaxKind.LessThanEqualsToken, ["<", ">"]],
    [ts.SyntaxKind.GreaterThanToken, [">=", "<="]],
    [ts.SyntaxKind.GreaterThanEqualsToken, [">", "<"]],
    [ts.SyntaxKind.AmpersandAmpersandToken, ["||"]],
    [ts.SyntaxKind.BarBarToken, ["&&"]],
    [ts.SyntaxKind.AsteriskToken, ["/"]],
    [ts.SyntaxKind.SlashToken, ["*"]],
    [ts.SyntaxKind.MinusToken, ["+"]],
]);

/**
 * Writes every mutant of a file into one text, each behind a question: is it the active one? So all of them are compiled
 * once, and a run costs what its tests cost.
 */
export function instrument(file: string, text: string, mutants: Mutant[]): string {
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
    return emit(source);

    function emit(node: ts.Node): string {
        const original = emitChildren(node);
        if (ts.isStatement(node)) return emitStatement(node, original);
        return ts.isExpression(node) ? emitExpression(node, original) : original;
    }

    /** The node's text, its children instrumented. */
    function emitChildren(node: ts.Node): string {
        let result = "";
        let position = node.getFullStart();
        node.forEachChild((child) => {
            const start = child.getStart(source);
            result += text.slice(position, start) + (isMutable(child) ? emit(child) : child.getText(source));
            position = child.getEnd();
        });
        const whole = result + text.slice(position, node.getEnd());
        return node.kind === ts.SyntaxKind.SourceFile
            ? whole
            : whole.slice(node.getStart(source) - node.getFullStart());
    }

    function emitStatement(node: ts.Statement, original: string): string {
        if (ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)) {
            return `if (!${ask(node, "left out")}) { ${original} }`;
        }
        return original;
    }

    function emitExpression(node: ts.Expression, original: string): string {
        return changes(node).reduce(
            (rest, [change, what]) => `(${ask(node, what)} ? (${change}) : (${rest}))`,
            original,
        );
    }

    function changes(node: ts.Expression): [change: string, what: string][] {
        if (ts.isBinaryExpression(node)) {
            const [left, right] = [node.left.getText(source), node.right.getText(source)];
            const operator = node.operatorToken.getText(source);
            if (operator === "??") return [[left, "no default"]];
            return (swapped.get(node.operatorToken.kind) ?? []).map((other) => [
                `(${left}) ${other} (${right})`,
                `${operator} becomes ${other}`,
            ]);
        }
        if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
            return [[node.operand.getText(source), "! left out"]];
        }
        if (ts.isNumericLiteral(node)) return [[`${node.text} + 1`, `${node.text} becomes one more`]];
        if (node.kind === ts.SyntaxKind.TrueKeyword) return [["false", "true becomes false"]];
        if (node.kind === ts.SyntaxKind.FalseKeyword) return [["true", "false becomes true"]];
        if (ts.isArrayLiteralExpression(node) && node.elements.length > 1) {
            return node.elements.map((element, index) => {
                const others = node.elements.filter((_, i) => i !== index).map((other) => other.getText(source));
                return [`[${others.join(", ")}]`, `without ${element.getText(source).slice(0, 40)}`];
            });
        }
        if (ts.isConditionalExpression(node)) {
            const [yes, no] = [node.whenTrue.getText(source), node.whenFalse.getText(source)];
            return [
                [yes, "? always"],
                [no, "? never"],
            ];
        }
        return [];
    }

    function ask(node: ts.Node, what: string): string {
        const id = mutants.length;
        const { line } = source.getLineAndCharacterOfPosition(node.getStart(source));
        const excerpt = node.getText(source).replace(/\s+/g, " ").slice(0, 60);
        mutants.push({ id, line: line + 1, label: `${file} ${what}: ${excerpt}` });
        return `${activeMutant}(${id})`;
    }
}

/** Types are no code, and the names of properties no expressions. */
function isMutable(node: ts.Node): boolean {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return false;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return false;
    // The engine reads a configuration schema, and no rule does.
    if ((ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && /schema$/i.test(node.name.getText()))
        return false;
    const { parent } = node;
    return !(
        (ts.isPropertyAssignment(parent) || ts.isBindingElement(parent)) &&
        parent.name === node &&
        !ts.isBindingName(node)
    );
}
