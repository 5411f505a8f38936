namespace CustobotGateway.GraphQL.Language;

/// <summary>A text that is no GraphQL document.</summary>
public sealed class SyntaxException : Exception
{
    internal SyntaxException(string message, SourceLocation location, string code = ErrorCodes.SyntaxError)
        : base(message) => Error = new GraphQLError($"Syntax Error: {message}", [location], code);

    /// <summary>What is wrong, and where.</summary>
    public GraphQLError Error { get; }
}
