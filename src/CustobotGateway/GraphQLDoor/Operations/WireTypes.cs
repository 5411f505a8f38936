using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CustobotGateway.Common;
using CustobotGateway.GraphQLDoor.Schemas;
using CustobotGateway.Identity.Delegation;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>
/// Writes the schema's types of what operations take and answer, as the serializer holds them (<see cref="DoorWire"/>). A type is called as in the REST contract; what goes
/// in ends in <c>Input</c>.
/// </summary>
internal sealed class WireTypes(DocComments docs)
{
    /// <summary>How many objects a list within an answer is taken for when an operation is weighed.</summary>
    private const int AssumedItems = 5;

    /// <summary>Those that the common part of the schema describes already.</summary>
    private static readonly Dictionary<Type, string> Described = new()
    {
        [typeof(Money)] = "Money",
        [typeof(NextPage)] = "NextPage",
        [typeof(Remedy)] = "Remedy",
        [typeof(Approval)] = "Approval",
        [typeof(ApprovalState)] = "ApprovalState",
        [typeof(GrantView)] = "Grant",
        [typeof(GrantStatus)] = "GrantStatus",
        [typeof(RevocationPreview)] = "Revocation",
        [typeof(GrantDependent)] = "GrantDependent",
    };

    private static readonly Dictionary<Type, string> Scalars = new()
    {
        [typeof(string)] = "String",
        [typeof(bool)] = "Boolean",
        [typeof(int)] = "Int",
        [typeof(short)] = "Int",
        [typeof(byte)] = "Int",
        [typeof(long)] = "Long",
        [typeof(double)] = "Float",
        [typeof(float)] = "Float",
        [typeof(decimal)] = "Float",
        [typeof(DateTimeOffset)] = "DateTime",
        [typeof(DateOnly)] = "Date",
        [typeof(Uri)] = "URL",
        [typeof(Guid)] = "ID",
    };

    private readonly Dictionary<string, Type> _names = [];
    private readonly StringBuilder _text = new();

    /// <summary>The types that were named so far, as text.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether a value of the type is text, a number, a time or one of some words.</summary>
    public static bool IsPlain(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var plain && (plain.IsEnum || Scalars.ContainsKey(plain));

    /// <summary>Whether a value of the type is a leaf: no object and no list of objects.</summary>
    private static bool IsLeaf(Type type) => Kind(type) is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Enumerable);

    /// <summary>The lists of an answer, which a page's size bounds.</summary>
    public static IEnumerable<string> ListsOf(Type type) =>
        Kind(type) == JsonTypeInfoKind.Object ? Members(type).Where(member => Kind(member.PropertyType) == JsonTypeInfoKind.Enumerable).Select(member => member.Name) : [];

    /// <summary>The type as a field or an argument has it, without the mark that it is never null.</summary>
    /// <param name="type">What the serializer reads or writes.</param>
    /// <param name="member">What it is called; text that is called an id is one.</param>
    /// <param name="input">Whether it goes in.</param>
    public string NameOf(Type type, string member, bool input)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (Scalars.TryGetValue(type, out var scalar))
        {
            return type == typeof(string) && IsId(member) ? "ID" : scalar;
        }
        return type.IsEnum ? Enum(type)
            : Kind(type) switch
            {
                JsonTypeInfoKind.Enumerable when DoorWire.Options.GetTypeInfo(type).ElementType is { } item => $"[{NameOf(item, Singular(member), input)}!]",
                JsonTypeInfoKind.Object when Members(type, input).Any() => Object(type, input),
                // Dictionaries and what is JSON of any kind.
                _ => "JSON",
            };
    }

    private string Object(Type type, bool input)
    {
        var name = input ? InputName(type) : ContractName(type);
        if (Described.ContainsKey(type) || !IsNew(name, type))
        {
            return name;
        }
        var text = new StringBuilder();
        SchemaText.AppendDescribed(text.Append('\n'), "", docs.Of(type));
        text.Append(input ? "input " : "type ").Append(name).Append(" {\n");
        foreach (var member in Members(type, input))
        {
            var isRequired = input ? member.IsRequired && !member.IsSetNullable : !member.IsGetNullable && Nullable.GetUnderlyingType(member.PropertyType) is null;
            var written = NameOf(member.PropertyType, member.Name, input);
            SchemaText.AppendDescribed(text, "  ", member.AttributeProvider is MemberInfo documented ? docs.Of(documented) : null);
            text.Append("  ").Append(member.Name).Append(": ").Append(written).Append(isRequired ? "!" : "")
                .Append(!input && written[0] == '[' && !IsLeaf(DoorWire.Options.GetTypeInfo(member.PropertyType).ElementType!) ? $" @listSize(assumedSize: {AssumedItems})" : "").Append('\n');
        }
        // Those that it is made of were written meanwhile.
        _text.Append(text).Append("}\n");
        return name;
    }

    private string Enum(Type type)
    {
        var name = ContractName(type);
        if (!Described.ContainsKey(type) && IsNew(name, type))
        {
            SchemaText.AppendDescribed(_text.Append('\n'), "", docs.Of(type));
            _text.Append("enum ").Append(name).Append(" {\n");
            foreach (var value in type.GetFields(BindingFlags.Public | BindingFlags.Static))
            {
                SchemaText.AppendDescribed(_text, "  ", docs.Of(value));
                _text.Append("  ").Append(JsonSerializer.SerializeToNode(value.GetValue(null), type, DoorWire.Options)!.GetValue<string>()).Append('\n');
            }
            _text.Append("}\n");
        }
        return name;
    }

    private bool IsNew(string name, Type type) => _names.TryAdd(name, type)
        || (_names[name] == type ? false : throw new InvalidOperationException($"{type} and {_names[name]} would both be called {name} in the GraphQL schema."));

    private static JsonTypeInfoKind Kind(Type type) => DoorWire.Options.GetTypeInfo(type).Kind;

    private static IEnumerable<JsonPropertyInfo> Members(Type type, bool input = false) => DoorWire.Options.GetTypeInfo(type).Properties
        .Where(member => member.Get is not null && (!input || member.Set is not null || member.AssociatedParameter is not null));

    private static bool IsId(string member) => member is "id" || member.EndsWith("Id", StringComparison.Ordinal);

    private static string Singular(string member) => member.EndsWith('s') ? member[..^1] : member;

    // As the REST contract calls it: ListOrders.Response is ListOrdersResponse. What it calls Grant is the answer to who issues one; here a Grant is what is read of one.
    private static string ContractName(Type type) =>
        Described.GetValueOrDefault(type) ?? (type == typeof(Grant) ? "IssuedGrant" : type.IsNested ? ContractName(type.DeclaringType!) + type.Name : type.Name);

    private static string InputName(Type type)
    {
        var name = ContractName(type);
        return (name.EndsWith("Request", StringComparison.Ordinal) ? name[..^"Request".Length] : name) + "Input";
    }
}
