using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Details;

/// <summary>The elements of <c>authorization_details</c> (RFC 9396), each checked against its type and in its normal form.</summary>
public sealed class AuthorizationDetails : IEquatable<AuthorizationDetails>
{
    /// <summary>More elements than a person would read on a consent page.</summary>
    public const int Most = 10;

    /// <summary>The longest text, in bytes.</summary>
    public const int MostBytes = 8_192;

    private readonly List<(DetailType Type, JsonElement Element)> _elements;

    private AuthorizationDetails(List<(DetailType Type, JsonElement Element)> elements) => _elements = elements;

    /// <summary>The elements in their normal form.</summary>
    public IReadOnlyList<JsonElement> Elements => [.. _elements.Select(item => item.Element)];

    /// <summary>Reads the parameter of a request (RFC 9396 §3).</summary>
    /// <param name="text">The value.</param>
    /// <param name="types">The types that are known and that the client may ask for.</param>
    /// <param name="now">The time.</param>
    /// <param name="ofGrant">True where the client repeats what it was granted, with what the server added; false where it asks anew.</param>
    public static Checked<AuthorizationDetails> Read(string text, IReadOnlyCollection<DetailType> types, DateTimeOffset now, bool ofGrant = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var utf8 = Encoding.UTF8.GetBytes(text);
        return utf8.Length > MostBytes ? Refused($"The authorization details have more than {MostBytes} bytes.")
            : !StrictJson.TryParse(utf8, JsonValueKind.Array, out var array) ? Refused("The authorization details are no well-formed JSON array.")
            : FromJson(array, types, now, ofGrant, isSent: true);
    }

    /// <summary>Reads the member of a token or of stored JSON.</summary>
    public static Checked<AuthorizationDetails> FromJson(JsonElement array, IReadOnlyCollection<DetailType> types, DateTimeOffset now, bool ofGrant) =>
        FromJson(array, types, now, ofGrant, isSent: !ofGrant);

    private static Checked<AuthorizationDetails> FromJson(JsonElement array, IReadOnlyCollection<DetailType> types, DateTimeOffset now, bool ofGrant, bool isSent)
    {
        ArgumentNullException.ThrowIfNull(types);
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() is 0 or > Most)
        {
            return Refused($"The authorization details are an array of 1 to {Most} objects.");
        }
        var elements = new List<(DetailType, JsonElement)>();
        foreach (var element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Object || types.FirstOrDefault(known => known.Name == element.Text("type")) is not { } type)
            {
                return Refused("An element of the authorization details has no type, or one that is unknown or not for this client.");
            }
            if (!ofGrant && type.Assigned.Any(member => element.Has(member)))
            {
                return Refused($"An element of type {type.Name} has a member that only the server gives.");
            }
            if ((type.FaultOf(element, ofGrant ? null : now) ?? (isSent ? type.FaultOfNames(element, now) : null)) is { } fault)
            {
                return Refused($"{type.Name}{fault}.");
            }
            elements.Add((type, type.Normal(element)));
        }
        return new AuthorizationDetails(elements);
    }

    /// <summary>
    /// True if every element that is asked for is covered by one that was granted (RFC 9396 §6.1). One by one: two elements of 50 do not cover one of 100.
    /// </summary>
    public bool Covers(AuthorizationDetails asked)
    {
        ArgumentNullException.ThrowIfNull(asked);
        return asked._elements.All(some => _elements.Exists(most => most.Type == some.Type && most.Type.Covers(most.Element, some.Element)));
    }

    /// <summary>
    /// What a token gets: all that was granted where nothing is asked, what is asked where it is covered, with what the server had added; otherwise the error.
    /// </summary>
    public static bool TryNarrow(AuthorizationDetails? granted, AuthorizationDetails? asked, out AuthorizationDetails? narrowed, [NotNullWhen(false)] out OAuthError? error)
    {
        var covered = asked is null || granted?.Covers(asked) == true;
        narrowed = asked is null ? granted : covered ? new AuthorizationDetails([.. asked._elements.Select(granted!.Complete)]) : null;
        error = covered ? null : Refused("The authorization details are more than was granted.");
        return covered;
    }

    /// <summary>The elements of these types; null if there are none.</summary>
    public AuthorizationDetails? OfTypes(IReadOnlyCollection<string> types)
    {
        var kept = _elements.FindAll(item => types.Contains(item.Type.Name));
        return kept.Count > 0 ? new AuthorizationDetails(kept) : null;
    }

    /// <summary>The same with a member set in one element, for what only the server gives.</summary>
    public AuthorizationDetails With(int element, string member, string value)
    {
        var (type, old) = _elements[element];
        if (!type.Assigned.Contains(member))
        {
            throw new ArgumentException($"The type {type.Name} has no member {member} that the server gives.", nameof(member));
        }
        var elements = _elements.ToList();
        elements[element] = (type, Set(type, old, member, value));
        return new AuthorizationDetails(elements);
    }

    /// <summary>Writes the array.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartArray();
        foreach (var (_, element) in _elements)
        {
            element.WriteTo(json);
        }
        json.WriteEndArray();
    }

    /// <summary>The array as JSON.</summary>
    public override string ToString() => $"[{string.Join(',', _elements.Select(item => item.Element.GetRawText()))}]";

    /// <inheritdoc/>
    public bool Equals(AuthorizationDetails? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AuthorizationDetails);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    // The element that covers it is the one whose mandate the token points to.
    private (DetailType Type, JsonElement Element) Complete((DetailType Type, JsonElement Element) asked)
    {
        var source = _elements.Find(most => most.Type == asked.Type && most.Type.Covers(most.Element, asked.Element)).Element;
        foreach (var member in asked.Type.Assigned)
        {
            if (source.Text(member) is { } value)
            {
                asked.Element = Set(asked.Type, asked.Element, member, value);
            }
        }
        return asked;
    }

    private static JsonElement Set(DetailType type, JsonElement element, string member, string value)
    {
        var changed = JsonObject.Create(element)!;
        changed[member] = value;
        return type.Normal(JsonSerializer.SerializeToElement(changed));
    }

    private static OAuthError Refused(string why) => new(ErrorCodes.InvalidAuthorizationDetails, why);
}
