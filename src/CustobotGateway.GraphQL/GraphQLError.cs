using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL;

/// <summary>One error of a response (spec §7.1.2).</summary>
/// <param name="message">For the developer who sent the request.</param>
/// <param name="locations">Where in the document; empty where no place is to blame.</param>
/// <param name="code">The <c>extensions.code</c>, one of <see cref="ErrorCodes"/> or the resolver's own.</param>
public sealed class GraphQLError(string message, IReadOnlyList<SourceLocation> locations, string? code = null)
{
    /// <summary>For the developer who sent the request.</summary>
    public string Message { get; } = message;

    /// <summary>Where in the document; empty where no place is to blame.</summary>
    public IReadOnlyList<SourceLocation> Locations { get; } = locations;

    /// <summary>The <c>extensions.code</c>; none when null.</summary>
    public string? Code { get; } = code;

    /// <summary>Response names and list indexes from the root to the field that failed; null before execution.</summary>
    public IReadOnlyList<object>? Path { get; init; }

    /// <summary>Further members of <c>extensions</c>: strings, numbers, booleans, JSON elements.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Locations.Count == 0 ? Message : $"{Message} ({Locations[0].Line}:{Locations[0].Column})";
}

/// <summary>What a resolver throws to say in its own words why a field has no value; any other exception is masked.</summary>
/// <param name="message">Goes to the client.</param>
/// <param name="code">The <c>extensions.code</c>.</param>
/// <param name="extensions">Further members of <c>extensions</c>.</param>
public sealed class GraphQLException(string message, string? code = null, IReadOnlyDictionary<string, object?>? extensions = null)
    : Exception(message)
{
    /// <summary>The <c>extensions.code</c>.</summary>
    public string? Code { get; } = code;

    /// <summary>Further members of <c>extensions</c>.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; } = extensions;
}
