using System.Collections;
using System.Text.Json;

namespace CustobotGateway.GraphQL.Execution;

/// <summary>Reads members and items of values that have no resolver of their own: dictionaries, JSON, enumerables.</summary>
internal static class MemberReader
{
    public static FieldValue Read(object? parent, string name) => parent switch
    {
        IReadOnlyDictionary<string, object?> members => members.TryGetValue(name, out var value) ? FieldValue.From(value) : default,
        JsonElement { ValueKind: JsonValueKind.Object } json => json.TryGetProperty(name, out var member) ? FieldValue.From(member) : default,
        _ => default,
    };

    public static IReadOnlyList<object?>? Items(in FieldValue value) => value.Reference switch
    {
        _ when value.Kind != FieldValueKind.Object => null,
        IReadOnlyList<object?> items => items,
        JsonElement { ValueKind: JsonValueKind.Array } json => [.. json.EnumerateArray().Select(item => (object?)item)],
        IDictionary or IReadOnlyDictionary<string, object?> => null,
        IEnumerable items => [.. items.Cast<object?>()],
        _ => null,
    };
}
