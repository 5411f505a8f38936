using System.Text.Json;

namespace CustobotGateway.OAuth.Details;

/// <summary>
/// An object of further members, such as limits. Absent, it is the same as an object without members, unless it has members that are required: then it
/// restricts nothing.
/// </summary>
public sealed class DetailGroup : DetailMember
{
    private readonly DetailMember[] _members;

    /// <summary>An object of these members and no others.</summary>
    public DetailGroup(string name, IEnumerable<DetailMember> members, bool required = false)
        : base(name, required) => _members = [.. members.OrderBy(member => member.Name, StringComparer.Ordinal)];

    internal override string? FaultOf(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return ": an object is expected";
        }
        foreach (var property in value.EnumerateObject())
        {
            if (!_members.Any(member => member.Name == property.Name))
            {
                return ": a member is unknown";
            }
        }
        foreach (var member in _members)
        {
            var fault = MemberOf(value, member.Name) is { } given ? member.FaultOf(given) : member.Required ? ": missing" : null;
            if (fault is not null)
            {
                return $".{member.Name}{fault}";
            }
        }
        return null;
    }

    internal override bool Covers(JsonElement? granted, JsonElement? asked) =>
        (granted is null && _members.Any(member => member.Required))
        || _members.All(member => member.Covers(MemberOf(granted, member.Name), MemberOf(asked, member.Name)));

    internal override bool IsNothing(JsonElement value) =>
        !Required && _members.All(member => MemberOf(value, member.Name) is not { } given || member.IsNothing(given));

    internal override void WriteNormal(Utf8JsonWriter json, JsonElement value)
    {
        json.WritePropertyName(Name);
        WriteMembers(json, value);
    }

    internal void WriteMembers(Utf8JsonWriter json, JsonElement value)
    {
        json.WriteStartObject();
        foreach (var member in _members)
        {
            if (MemberOf(value, member.Name) is { } given && !member.IsNothing(given))
            {
                member.WriteNormal(json, given);
            }
        }
        json.WriteEndObject();
    }

    private protected override bool Compares(JsonElement granted, JsonElement asked) => Covers(granted, asked);
}
