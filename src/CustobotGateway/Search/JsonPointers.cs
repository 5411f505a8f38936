using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Search;

/// <summary>
/// JSON Pointers (RFC 6901) found after the fact: readers remember an offset or a node only, so that requests without faults pay nothing for them.
/// </summary>
internal static class JsonPointers
{
    /// <summary>The pointer to the token that starts at the offset; to a member's value also where the offset is that of its name.</summary>
    public static string At(ReadOnlySpan<byte> json, long offset)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = SearchLimits.JsonDepth });
        var path = new List<(string? Name, int Index)>();
        try
        {
            while (reader.Read())
            {
                var type = reader.TokenType;
                if (type is JsonTokenType.EndArray or JsonTokenType.EndObject)
                {
                    path.RemoveAt(path.Count - 1);
                    continue;
                }
                if (type is JsonTokenType.PropertyName)
                {
                    path[^1] = (reader.GetString(), -1);
                }
                else if (path.Count > 0 && path[^1].Name is null)
                {
                    path[^1] = (null, path[^1].Index + 1);
                }
                if (reader.TokenStartIndex >= offset)
                {
                    break;
                }
                if (type is JsonTokenType.StartArray)
                {
                    path.Add((null, -1));
                }
                else if (type is JsonTokenType.StartObject)
                {
                    path.Add((string.Empty, -1));
                }
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The place is behind what can be read: the path so far is the best that can be told.
        }
        var pointer = new StringBuilder();
        foreach (var (name, index) in path)
        {
            pointer.Append('/').Append(name is null ? index.ToString(CultureInfo.InvariantCulture) : Escape(name));
        }
        return pointer.ToString();
    }

    /// <summary>The pointer to a constraint of the request; the constraint is found by identity.</summary>
    public static string Of(SearchRequest request, Constraint constraint) =>
        Find(request.Must, "/must", constraint) ?? Find(request.Should, "/should", constraint) ?? Find(request.MustNot, "/must_not", constraint) ?? "";

    /// <summary>RFC 6901 §3: a member's name as a reference token.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    private static string? Find(IReadOnlyList<Constraint> list, string prefix, Constraint wanted, bool single = false)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var here = single ? prefix : string.Create(CultureInfo.InvariantCulture, $"{prefix}/{i}");
            var constraint = list[i];
            if (ReferenceEquals(constraint, wanted))
            {
                return here;
            }
            if (constraint.Parts is { } parts
                && Find(parts, here + (constraint.Any is not null ? "/any" : constraint.All is not null ? "/all" : "/not"), wanted, constraint.HasSingleNot) is { } found)
            {
                return found;
            }
        }
        return null;
    }
}
