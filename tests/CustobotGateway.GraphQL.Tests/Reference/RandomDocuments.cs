using System.Text;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Tests.Reference;

/// <summary>
/// Draws documents on a schema: mostly right, with mistakes of every kind strewn in at a rate, and with few names, so that aliases,
/// fragments and variables meet one another. Half of the documents are drawn so that they are valid unless fields conflict.
/// </summary>
internal sealed class RandomDocuments(Schema schema, int seed)
{
    private static readonly string[] Aliases = ["a", "b", "name", "nickname"];
    private static readonly string[] Variables = ["v", "w", "x", "y"];
    private static readonly string[] Fragments = ["F", "G", "H"];
    private static readonly string[] WrongNames = ["nam", "barkVolum", "dogg", "Naem", "zzz", "pet", "iq", "__type", "__schema"];
    private static readonly string[] TypeNames = ["Dog", "Cat", "Pet", "Being", "Human", "Alien", "CatOrDog", "HumanOrAlien", "Query"];
    private static readonly string[] WrongTypes = ["Dogg", "Color", "Filter", "Int", "Nope", "Strin"];
    private static readonly string[] InputTypes =
        ["Int", "Int!", "Float", "String", "String!", "Boolean", "Boolean!", "ID", "Color", "[Int!]", "[Int]", "Filter", "Filter!", "OneOf", "Range!", "Any", "[ID!]"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();
    private readonly Dictionary<string, string> _conditions = [];
    private double _mistakes;
    private int _aliases;
    private int _fragment;

    public string Next()
    {
        _text.Clear();
        _mistakes = _random.Next(6) switch { 0 => 0.2, 1 => 0.06, 2 => 0.02, _ => 0 };
        _fragment = -1;
        foreach (var name in Fragments)
        {
            _conditions[name] = Pick(TypeNames);
        }
        var operations = Chance(0.12) ? 2 : 1;
        for (var i = 0; i < operations; i++)
        {
            Operation(operations == 1 ? "" : Mistake() ? "Same" : $"Op{i}");
        }
        var body = _text.ToString();
        foreach (var name in Fragments)
        {
            _fragment++;
            if (body.Contains($"...{name}", StringComparison.Ordinal) ? !Mistake() : Mistake() && Chance(0.3))
            {
                Fragment(name);
                body = _text.ToString();
            }
        }
        return _text.ToString();
    }

    private void Operation(string name)
    {
        var kind = _random.Next(12) switch { 0 => "mutation", 1 => "subscription", _ => "query" };
        var root = kind switch { "mutation" => schema.Mutation!, "subscription" => schema.Subscription!, _ => schema.Query };
        _text.Append(kind).Append(' ').Append(name.Length == 0 && Chance(0.5) ? "Named" : name);
        var at = _text.Length;
        Directives(0.05);
        Selections(root, 0, kind == "subscription" && !Mistake());
        // Variables are defined once it is known which are used.
        var typed = Clean ? InputTypes.Select((type, i) => (Name: $"t{i}", Type: type)).ToList() : [];
        var body = _text.ToString(at, _text.Length - at);
        _text.Insert(at, string.Concat(typed.Where(variable => body.Contains($"${variable.Name} ", StringComparison.Ordinal)).Select((variable, i) => $"{(i == 0 ? "(" : " ")}${variable.Name}: {variable.Type}")) is { Length: > 0 } defined ? defined + ")" : "");
        var used = Variables.Where(variable => _text.ToString(at, _text.Length - at).Contains($"${variable}", StringComparison.Ordinal) != Mistake()).ToList();
        if (used.Count > 0)
        {
            _text.Insert(at, $"({string.Join(' ', used.Select(Definition))})");
        }
        _text.Append('\n');
    }

    private string Definition(string variable)
    {
        var type = Mistake() && Chance(0.4) ? Pick([.. WrongTypes, .. TypeNames]) : Pick(InputTypes);
        var defaultValue = Chance(0.2) ? " = " + Pick(["1", "null", "\"s\"", "true", "BLACK", "[1]", "{from: 1}", "1.5"]) : "";
        return $"${variable}: {type}{defaultValue}{(Mistake() ? " @onField" : "")}" + (Mistake() && Chance(0.3) ? $" ${variable}: Int" : "");
    }

    private void Fragment(string name)
    {
        var condition = Mistake() ? Pick(WrongTypes) : _conditions[name];
        _text.Append("fragment ").Append(name).Append(" on ").Append(condition);
        Directives(0.05);
        Selections(schema.FindType(condition), 1, false);
        _text.Append('\n');
        if (Mistake() && Chance(0.3))
        {
            _text.Append("fragment ").Append(name).Append(" on Dog { name }\n");
        }
    }

    private void Selections(NamedType? type, int depth, bool single)
    {
        var count = single ? 1 : 1 + _random.Next(depth > 3 ? 2 : 4);
        _text.Append(" {");
        for (var i = 0; i < count; i++)
        {
            _text.Append(Chance(0.3) ? "\n  " : " ");
            switch (single ? 9 : _random.Next(10))
            {
                case 0 when depth > 0 && Spreadable(type) is { Length: > 0 } fragments:
                    _text.Append("...").Append(Pick(fragments));
                    Directives(0.1);
                    break;
                case 1:
                    InlineFragment(type, depth);
                    break;
                default:
                    Field(type, depth);
                    break;
            }
        }
        _text.Append(" }");
    }

    private void InlineFragment(NamedType? type, int depth)
    {
        var condition = Mistake() ? Pick([.. WrongTypes, .. TypeNames]) : type is CompositeType composite ? Possible(composite) : null;
        _text.Append("...");
        if (condition is not null && Chance(0.85))
        {
            _text.Append(" on ").Append(condition);
            type = schema.FindType(condition);
        }
        Directives(0.15);
        Selections(type, depth + 1, false);
    }

    // Without mistakes only later fragments, and those that fit.
    private string[] Spreadable(NamedType? type) => !Clean ? Fragments : [.. Fragments.Skip(_fragment + 1).Where(name =>
        type is CompositeType here && schema.FindType(_conditions[name]) is CompositeType there && there.Overlaps(here))];

    private bool Clean => _mistakes == 0;

    private string Possible(CompositeType type) =>
        Pick([type.Name, .. TypeNames.Where(name => schema.FindType(name) is CompositeType other && other.Overlaps(type))]);

    private void Field(NamedType? type, int depth)
    {
        if (Chance(0.25))
        {
            _text.Append(Clean && Chance(0.8) ? $"a{_aliases++ % 50}" : Pick(Aliases)).Append(": ");
        }
        var fields = (type as CompositeType)?.Fields.ToList() ?? [];
        if (fields.Count == 0 || Mistake() || Chance(0.06))
        {
            var known = schema.Types.OfType<CompositeType>().SelectMany(other => other.Fields).Select(other => other.Name).ToArray();
            _text.Append(Mistake() ? Pick([.. WrongNames, .. known]) : "__typename");
            return;
        }
        var field = Pick(fields.ToArray());
        _text.Append(field.Name);
        Arguments(field.Arguments);
        Directives(0.1);
        if (field.Type.Named.IsLeaf == Mistake() && depth < 6)
        {
            Selections(field.Type.Named, depth + 1, false);
        }
    }

    private void Arguments(DefinitionList<InputValue> arguments)
    {
        var given = arguments.Where(argument => argument.IsRequired ? !Mistake() : Chance(0.35)).ToList();
        var texts = given.Select(argument => $"{argument.Name}: {Value(argument.Type, 0)}").ToList();
        if (Mistake() && Chance(0.5))
        {
            texts.Add($"{Pick(["nam", "surnam", "id", "x", "intt"])}: 1");
        }
        if (texts.Count > 0 && Mistake() && Chance(0.3))
        {
            texts.Add(texts[0]);
        }
        if (texts.Count > 0)
        {
            _text.Append('(').AppendJoin(", ", texts).Append(')');
        }
    }

    private string Value(SchemaType type, int depth)
    {
        // A space ends the name, so that it is told from a longer one. Fragments have no variables of their own.
        if (Clean && _fragment < 0 && Chance(0.15) && Array.IndexOf(InputTypes, type.ToString()) is >= 0 and var at)
        {
            return $"$t{at} ";
        }
        if (!Clean && Chance(0.12))
        {
            return "$" + Pick(Variables);
        }
        if (Mistake())
        {
            return Pick(["1", "-5", "2147483648", "1.5", "1e3", "\"text\"", "true", "null", "BLACK", "BLAK", "PINK", "[1, \"2\"]", "{from: 1}", "{}", "{fro: 1, to: 2}", "\"\"\"block\"\"\""]);
        }
        switch (type)
        {
            case NonNullType nonNull:
                return Value(nonNull.Inner, depth);
            case not NonNullType when Chance(0.05):
                return "null";
            case ListType list:
                return Chance(0.3) ? Value(list.Item, depth + 1) : $"[{string.Join(", ", Enumerable.Range(0, _random.Next(3)).Select(_ => Value(list.Item, depth + 1)))}]";
            case EnumType enumeration:
                return Pick([.. enumeration.Values]).Name;
            case InputObjectType input:
                return Object(input, depth);
        }
        return ((ScalarType)type).ScalarKind switch
        {
            ScalarKind.Int => Pick(["0", "1", "-7", "2147483647"]),
            ScalarKind.Float => Pick(["0.5", "1", "-2.25", "1e3"]),
            ScalarKind.Boolean => Pick(["true", "false"]),
            ScalarKind.Id => Pick(["\"h1\"", "4"]),
            ScalarKind.String => Pick(["\"s\"", "\"q\\\"u\\u00e9\"", "\"\""]),
            _ => Pick(["1", "\"any\"", "{a: [1, TRUE]}", "[null]"]),
        };
    }

    private string Object(InputObjectType type, int depth)
    {
        var fields = type.IsOneOf && !Mistake()
            ? [Pick([.. type.Fields])]
            : type.Fields.Where(field => field.IsRequired ? !Mistake() : Chance(depth > 2 ? 0.1 : 0.3)).ToList();
        var texts = fields.Select(field => $"{field.Name}: {Value(field.Type, depth + 1)}").ToList();
        if (Mistake() && Chance(0.5))
        {
            texts.Add(Chance(0.5) && texts.Count > 0 ? texts[0] : $"{Pick(["nam", "rang", "zzz"])}: 1");
        }
        return $"{{{string.Join(", ", texts)}}}";
    }

    private void Directives(double rate)
    {
        while (Chance(rate))
        {
            _text.Append(Mistake()
                ? Pick([" @skip", " @unknown(a: 1)", " @onQuery(note: \"n\")", " @onQuery", " @include(if: 1)", " @skip(iff: true, if: true)", " @deprecated", " @onField(tag: PINK)"])
                : Pick([" @skip(if: false)", " @include(if: true)", " @include(if: false)", Clean ? " @onField(tag: BLACK)" : " @skip(if: $v)", Clean ? _fragment < 0 ? " @include(if: $t6 )" : "" : " @include(if: $w)", " @onField", " @onField(level: 2, tag: TAN)"]));
        }
    }

    private bool Chance(double rate) => _random.NextDouble() < rate;

    private bool Mistake() => Chance(_mistakes);

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
