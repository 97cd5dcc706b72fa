/** What is installed or compiled, outside the clone so that every clone shares it. */
export function cacheDirectory(): string;

/** Whether version `found` ("v3.259.0", "1.26", "go1.26.8") is at least `wanted`; false for what is no version. */
export function atLeast(found: string, wanted: string): boolean;
