using System.Text.Json;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Tokens;

/// <summary>Who acts for the subject of a token, and for whom that one acted before (<c>act</c>, RFC 8693 §4.1). Only the outermost decides anything.</summary>
/// <param name="Subject">Who acts.</param>
/// <param name="Previous">Who acted before; null at the first exchange.</param>
public sealed record Actor(string Subject, Actor? Previous = null)
{
    /// <summary>The longest chain.</summary>
    public const int MostDepth = 4;

    /// <summary>How many have acted.</summary>
    public int Depth => 1 + (Previous?.Depth ?? 0);

    /// <summary>The chain with one more at its outside; the same chain where that one acts already.</summary>
    public static Actor Append(Actor? chain, string subject) => chain?.Subject == subject ? chain : new Actor(subject, chain);

    /// <summary>Reads the claim; false if it is malformed or too deep.</summary>
    internal static bool TryRead(JsonElement claims, out Actor? actor)
    {
        actor = null;
        var subjects = new List<string>(MostDepth);
        while (claims.TryGetProperty("act", out var inner))
        {
            if (inner.ValueKind != JsonValueKind.Object || inner.Text("sub") is not { Length: > 0 } subject || subjects.Count == MostDepth)
            {
                return false;
            }
            subjects.Add(subject);
            claims = inner;
        }
        for (var i = subjects.Count - 1; i >= 0; i--)
        {
            actor = new Actor(subjects[i], actor);
        }
        return true;
    }

    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("act");
        json.WriteString("sub", Subject);
        Previous?.WriteTo(json);
        json.WriteEndObject();
    }
}
