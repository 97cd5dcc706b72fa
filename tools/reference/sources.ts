import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/** What the comments of the package say that the schema leaves out, by the names of interfaces, classes and enums. */
export interface Sources {
  readonly interfaces: ReadonlyMap<string, InterfaceSource>;
  readonly components: ReadonlyMap<string, ComponentSource>;
  /** Enum to what its comment says. */
  readonly enums: ReadonlyMap<string, string>;
}

export interface InterfaceSource {
  readonly text: string;
  /** Interfaces it extends. */
  readonly bases: readonly string[];
  /** Member to its `@default`, as it is written there. */
  readonly defaults: ReadonlyMap<string, string>;
}

export interface ComponentSource {
  /** What its constructor throws. None if no comment says so. */
  readonly throws?: string;
  /** Call, such as `clientsFor(user)`, to what the comment says. */
  readonly methods: ReadonlyMap<string, string>;
}

/** Reads the syntax of every file of a folder, no types. */
export function readSources(folder: string): Sources {
  const interfaces = new Map<string, InterfaceSource>();
  const components = new Map<string, ComponentSource>();
  const enums = new Map<string, string>();
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  for (const name of files.filter((file) => file.endsWith(".ts")).sort()) {
    const text = readFileSync(join(folder, name), "utf8");
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    for (const node of file.statements) {
      if (!isExported(node)) continue;
      if (ts.isInterfaceDeclaration(node)) interfaces.set(node.name.text, interfaceSource(node));
      if (ts.isEnumDeclaration(node)) enums.set(node.name.text, textOf(node));
      if (ts.isClassDeclaration(node) && node.name && isComponent(node))
        components.set(node.name.text, componentSource(node));
    }
  }
  return { interfaces, components, enums };
}

/** The `@default` of a member of an interface, or of one that it extends. */
export function defaultOf(sources: Sources, name: string, member: string): string | undefined {
  const found = sources.interfaces.get(name);
  const inherited = found?.bases.map((base) => defaultOf(sources, base, member)) ?? [];
  return found?.defaults.get(member) ?? inherited.find((text) => text !== undefined);
}

function interfaceSource(node: ts.InterfaceDeclaration): InterfaceSource {
  const members = node.members.filter(ts.isPropertySignature);
  return {
    text: textOf(node),
    bases: basesOf(node),
    defaults: new Map(
      members.flatMap((member) => {
        const text = tagOf(member, "default");
        return text === undefined ? [] : [[member.name.getText(), text]];
      }),
    ),
  };
}

function componentSource(node: ts.ClassDeclaration): ComponentSource {
  const methods = node.members.filter(ts.isMethodDeclaration);
  return {
    throws: tagOf(node, "throws"),
    methods: new Map(
      methods.map((method) => {
        const parameters = method.parameters.map(({ name }) => name.getText());
        return [`${method.name.getText()}(${parameters.join(", ")})`, textOf(method)];
      }),
    ),
  };
}

function isExported(node: ts.Statement): boolean {
  return (
    ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
  );
}

function isComponent(node: ts.ClassDeclaration): boolean {
  return basesOf(node).includes("pulumi.ComponentResource");
}

function basesOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration): string[] {
  const extending = (node.heritageClauses ?? []).filter(
    ({ token }) => token === ts.SyntaxKind.ExtendsKeyword,
  );
  return extending.flatMap(({ types }) => types.map(({ expression }) => expression.getText()));
}

function textOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join("\n");
}

function tagOf(node: ts.Node, name: string): string | undefined {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name);
  return tag && ts.getTextOfJSDocComment(tag.comment);
}
