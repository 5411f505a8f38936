namespace CustobotGateway.GraphQL.Types;

/// <summary>A text that describes no valid schema (spec §3).</summary>
public sealed class SchemaException : Exception
{
    internal SchemaException(IReadOnlyList<GraphQLError> errors)
        : base(string.Join("\n\n", errors)) => Errors = errors;

    /// <summary>Everything that is wrong, with its places.</summary>
    public IReadOnlyList<GraphQLError> Errors { get; }
}
