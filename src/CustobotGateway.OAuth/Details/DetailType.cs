using System.Buffers;
using System.Text.Json;

namespace CustobotGateway.OAuth.Details;

/// <summary>A rule that looks at several members of an element, or at the time.</summary>
/// <param name="element">An element whose members are all in form.</param>
/// <param name="now">The time.</param>
/// <returns>What is wrong; null if nothing is.</returns>
public delegate string? DetailRule(JsonElement element, DateTimeOffset now);

/// <summary>A type of authorization details (RFC 9396 §2): what its elements look like, and when one asks for no more than another.</summary>
public sealed class DetailType
{
    private readonly DetailGroup _element;
    private readonly DetailRule[] _rules;

    /// <summary>A type with these members besides <c>type</c>, and no others.</summary>
    public DetailType(string name, IEnumerable<DetailMember> members, params IEnumerable<DetailRule> rules)
    {
        Name = name;
        var all = members.Append(new FixedText("type", text => text == name, "the type's name", required: true)).ToList();
        Assigned = [.. all.OfType<AssignedText>().Select(member => member.Name)];
        _element = new DetailGroup(name, all, required: true);
        _rules = [.. rules];
    }

    /// <summary>The value of <c>type</c>.</summary>
    public string Name { get; }

    /// <summary>
    /// A rule about the names that an element uses. It holds whenever a client sends one, also when it repeats what it was granted: what does not exist is
    /// refused at every hop.
    /// </summary>
    public DetailRule? Names { get; init; }

    /// <summary>The members that only the server gives.</summary>
    internal IReadOnlyList<string> Assigned { get; }

    /// <summary>Why the element is not of this type, to be read after its name; null if it is. The rules hold when something is asked anew; what was granted may be past its time.</summary>
    internal string? FaultOf(JsonElement element, DateTimeOffset? askedAt)
    {
        if (_element.FaultOf(element) is { } fault)
        {
            return fault;
        }
        foreach (var rule in _rules)
        {
            if (askedAt is { } now && rule(element, now) is { } broken)
            {
                return $": {broken}";
            }
        }
        return null;
    }

    /// <summary>What is wrong with the names in an element that is in form; null if nothing is.</summary>
    internal string? FaultOfNames(JsonElement element, DateTimeOffset now) => Names?.Invoke(element, now) is { } fault ? $": {fault}" : null;

    /// <summary>True if whoever has one may have the other. Reflexive, transitive, and antisymmetric on <see cref="Normal"/>.</summary>
    internal bool Covers(JsonElement granted, JsonElement asked) => _element.Covers(granted, asked);

    /// <summary>The one spelling that elements of the same meaning share.</summary>
    internal JsonElement Normal(JsonElement element)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            _element.WriteMembers(json, element);
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }
}
