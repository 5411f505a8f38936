// Reads {sdl, data, documents} and answers for each document what the reference implementation says of it.
import { readFileSync } from 'node:fs';
import { buildClientSchema, buildSchema, execute, getIntrospectionQuery, lexicographicSortSchema, parse, printSchema, validate } from 'graphql';

const { sdl, data, documents, query, introspection, printed } = JSON.parse(readFileSync(0, 'utf8'));
const schema = buildSchema(sdl);
const print = (one) => printSchema(lexicographicSortSchema(one));
if (query || introspection || printed) {
  process.stdout.write(
    JSON.stringify({
      query: getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true, oneOf: true }),
      fromSdl: print(schema),
      fromIntrospection: introspection && print(buildClientSchema(introspection)),
      fromPrinted: printed && print(buildSchema(printed)),
    }),
  );
  process.exit(0);
}
const show = (value) =>
  Array.isArray(value)
    ? value.map(show)
    : value !== null && typeof value === 'object'
      ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, show(value[key])]))
      : value;
const root = { ...data, echo: (args) => JSON.stringify(show(args)) };
const errors = (list) => list.map(({ message, locations, path }) => ({ message, locations: locations ?? [], path }));

const answers = documents.map(({ text, variables, operation }) => {
  let document;
  try {
    document = parse(text);
  } catch (failure) {
    return { syntax: errors([failure]) };
  }
  let invalid;
  try {
    invalid = validate(schema, document);
  } catch {
    // The reference evaluates @skip and @include of subscriptions without variables, and throws.
    return { thrown: true };
  }
  if (invalid.length > 0) {
    return { invalid: errors(invalid) };
  }
  // Executed as streams only, which is another test's.
  if (document.definitions.some((definition) => definition.operation === 'subscription')) {
    return { valid: true };
  }
  let result;
  try {
    result = execute({ schema, document, rootValue: root, variableValues: variables, operationName: operation });
  } catch {
    // A null for @skip or @include at the root, which is thrown and not answered.
    return { switches: true };
  }
  if (result.errors?.some(({ message }) => message.startsWith('Argument "if" of'))) {
    return { switches: true };
  }
  return { data: result.data, errors: errors(result.errors ?? []), refused: !('data' in result) };
});
process.stdout.write(JSON.stringify(answers));
