// Tables of nginx, evaluated as nginx does it. Their expressions are those of PCRE and of JavaScript alike.

interface NginxMap {
  readonly source: string;
  readonly entries: readonly (readonly [key: string, value: string])[];
}

/** Values of variables, by their names. */
export interface Variables {
  readonly [variable: string]: string;
}

export interface NginxMaps {
  /** What a table makes of a value: an exact key, else the first expression that matches, else the default. */
  readonly mapped: (variable: string, value: string, other?: (variable: string) => string) => string;
  /** A variable of a table, or a given one. */
  readonly resolved: (variable: string, given: Variables) => string;
}

/** The tables of a rendered text. */
export function nginxMaps(text: string): NginxMaps {
  const maps = new Map(
    [...text.matchAll(/^ {2}map ("[^"]*"|\S+) (\S+) \{\n([\s\S]*?)\n {2}\}/gm)].map(
      ([, source = "", variable = "", body = ""]): [string, NginxMap] => [
        variable,
        { source: source.replaceAll('"', ""), entries: entriesOf(body) },
      ],
    ),
  );
  const mapped: NginxMaps["mapped"] = (variable, value, other = () => "") => {
    const { entries } = maps.get(variable) ?? { entries: [] };
    const filled = (result: string, groups: Variables = {}) =>
      result.replace(/\$(\w+)/g, (whole, name) => groups[name] ?? other(whole));
    const exact = entries.find(([key]) => key.toLowerCase() === value.toLowerCase() && key !== "default");
    if (exact) return filled(exact[1]);
    // Of nothing nginx asks no expression.
    const expressions = value === "" ? [] : entries.filter(([pattern]) => pattern.startsWith("~"));
    for (const [key, result] of expressions) {
      const [, flags = "", source = ""] = /^~(\*?)(.*)$/.exec(key) ?? [];
      const match = new RegExp(source.replaceAll("\\z", "$"), flags && "i").exec(value);
      if (match) return filled(result, match.groups);
    }
    return filled(entries.find(([key]) => key === "default")?.[1] ?? "");
  };
  const resolved: NginxMaps["resolved"] = (variable, given) => {
    const known = given[variable];
    if (known !== undefined) return known;
    const of = (name: string) => resolved(name, given);
    return mapped(variable, (maps.get(variable)?.source ?? "").replace(/\$\w+/g, of), of);
  };
  return { mapped, resolved };
}

function entriesOf(body: string): NginxMap["entries"] {
  return [...body.matchAll(/^ {4}(?:"(.*?)"|(\S+)) (?:"(.*)"|(\S+));$/gm)].map(
    ([, quoted, bare, quotedValue, bareValue]) => [quoted ?? bare ?? "", quotedValue ?? bareValue ?? ""],
  );
}
