using System.Text.Json;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog;

/// <summary>Decides what registering definitions changes; pure.</summary>
internal static class AttributeMerge
{
    /// <summary>What registering comes to.</summary>
    /// <param name="Added">New ones, in the order of their ordinals to be.</param>
    /// <param name="Updated">Known ones whose words change.</param>
    /// <param name="Unchanged">How many were there already.</param>
    /// <param name="Conflicts">What stands against it: the place in the list and what differs.</param>
    public sealed record Result(IReadOnlyList<AttributeDefinition> Added, IReadOnlyList<RegisteredAttribute> Updated, int Unchanged, IReadOnlyList<(int Index, string Detail)> Conflicts);

    /// <param name="current">What is registered.</param>
    /// <param name="definitions">What comes, normalised; each key once or identical.</param>
    /// <param name="mayUpdate">Whether the registered one may be replaced by other words.</param>
    public static Result Plan(AttributeRegistry current, IReadOnlyList<AttributeDefinition> definitions, Func<RegisteredAttribute, bool> mayUpdate)
    {
        var added = new Dictionary<string, AttributeDefinition>();
        var updated = new List<RegisteredAttribute>();
        var conflicts = new List<(int, string)>();
        var unchanged = 0;
        for (var i = 0; i < definitions.Count; i++)
        {
            var definition = definitions[i];
            if (current.Find(definition.Key) is not { } known)
            {
                if (!added.TryAdd(definition.Key, definition) && !AreEqual(added[definition.Key], definition))
                {
                    conflicts.Add((i, $"'{definition.Key}' is defined twice, differently."));
                }
            }
            else if (Difference(known.Definition, definition) is { } difference)
            {
                conflicts.Add((i, $"'{definition.Key}' is registered with {difference}."));
            }
            else if (AreEqual(known.Definition, definition) || !mayUpdate(known))
            {
                unchanged++;
            }
            else
            {
                updated.Add(new RegisteredAttribute(known.Ordinal, definition));
            }
        }
        return new Result([.. added.Values], updated, unchanged, conflicts);
    }

    /// <summary>One spelling for what means the same: units by their UCUM code, defaults written out, labels in order.</summary>
    public static AttributeDefinition Normalize(AttributeDefinition definition) => definition with
    {
        Unit = definition.Type is AttributeType.Money ? definition.Unit
            : RegisteredAttribute.IsNumeric(definition.Type) && Units.TryDeclare(definition.Unit ?? RegisteredAttribute.DefaultUnit(definition.Type), out var unit) ? unit.Code
            : null,
        Values = definition.Values is { Count: > 0 } values ? [.. values.Select(term => term with { Labels = Sorted(term.Labels) })] : null,
        Stages = definition.Stages is { Count: > 0 } stages ? [.. stages.Distinct()] : null,
        Categories = definition.Categories is { Count: > 0 } categories ? [.. categories.Distinct()] : null,
        SameAs = definition.SameAs is { Count: > 0 } sameAs ? sameAs : null,
        Labels = Sorted(definition.Labels),
    };

    public static bool AreEqual(AttributeDefinition left, AttributeDefinition right) =>
        JsonSerializer.SerializeToUtf8Bytes(Normalize(left), Json.Options).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(Normalize(right), Json.Options));

    /// <summary>What of the registered one stored values and columns depend on, where the other differs.</summary>
    private static string? Difference(AttributeDefinition registered, AttributeDefinition other) =>
        registered.Type != other.Type ? $"type {JsonNamingPolicy.SnakeCaseLower.ConvertName(registered.Type.ToString())}"
        : registered.Unit != other.Unit ? $"unit {registered.Unit ?? "none"}"
        : (registered.Searchable ?? true) != (other.Searchable ?? true) ? $"searchable {(registered.Searchable ?? true ? "true" : "false")}"
        : (registered.FullText ?? false) != (other.FullText ?? false) ? $"full_text {(registered.FullText ?? false ? "true" : "false")}"
        : registered.Language != other.Language ? $"language {registered.Language ?? "none"}"
        : (registered.StaffOnly ?? false) != (other.StaffOnly ?? false) ? $"staff_only {(registered.StaffOnly ?? false ? "true" : "false")}"
        : null;

    private static SortedDictionary<string, T>? Sorted<T>(IReadOnlyDictionary<string, T>? labels) =>
        labels is { Count: > 0 } ? new SortedDictionary<string, T>(labels.ToDictionary(), StringComparer.Ordinal) : null;
}
