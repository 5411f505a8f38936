using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace CustobotGateway.GraphQL.Language;

/// <summary>How much a parser reads before it refuses.</summary>
/// <param name="MaxTokens">Tokens of a document.</param>
/// <param name="MaxNesting">Braces, brackets and parentheses open at once.</param>
public readonly record struct ParserLimits(int MaxTokens, int MaxNesting)
{
    /// <summary>For text that the operator wrote: schemas of any size.</summary>
    public static ParserLimits Trusted { get; } = new(int.MaxValue, 256);
}

/// <summary>
/// Reads documents (spec §2 and §3) by recursive descent. Both limits hold while reading: what exceeds them costs no more than what
/// precedes the excess. Messages are those of the reference implementation.
/// </summary>
public ref partial struct Parser
{
    private readonly ParserLimits _limits;
    private readonly NameTable _names;
    private Lexer _lexer;
    private int _tokens;
    private int _nesting;

    private Parser(ReadOnlySpan<byte> text, ParserLimits limits)
    {
        _limits = limits;
        _names = new NameTable();
        _lexer = new Lexer(text);
        if (!Utf8.IsValid(text))
        {
            throw new SyntaxException("The document is not valid UTF-8.", new SourceLocation(1, 1));
        }
        Next();
    }

    /// <summary>Reads a document.</summary>
    /// <exception cref="SyntaxException">The text is no document, or exceeds a limit.</exception>
    public static DocumentNode Parse(ReadOnlySpan<byte> text, ParserLimits limits) => new Parser(text, limits).ReadDocument();

    /// <summary>Reads a document that needs no limits.</summary>
    /// <exception cref="SyntaxException">The text is no document.</exception>
    public static DocumentNode Parse(string text) => Parse(Encoding.UTF8.GetBytes(text), ParserLimits.Trusted);

    private DocumentNode ReadDocument()
    {
        var location = _lexer.Location;
        var definitions = ImmutableArray.CreateBuilder<SyntaxNode>(2);
        do
        {
            definitions.Add(ReadDefinition());
        }
        while (_lexer.Kind != TokenKind.End);
        return new DocumentNode(definitions.DrainToImmutable(), _tokens, location);
    }

    private SyntaxNode ReadDefinition()
    {
        var location = _lexer.Location;
        if (_lexer.Kind == TokenKind.BraceOpen)
        {
            return new OperationNode(OperationKind.Query, null, [], [], ReadSelectionSet(), location);
        }
        var description = ReadDescription();
        if (_lexer.Kind == TokenKind.Name)
        {
            switch (_lexer.Value)
            {
                case "query":
                    return ReadOperation(OperationKind.Query, location);
                case "mutation":
                    return ReadOperation(OperationKind.Mutation, location);
                case "subscription":
                    return ReadOperation(OperationKind.Subscription, location);
                case "fragment":
                    return ReadFragment(location);
                case "extend" when description is null:
                    Next();
                    return ReadTypeSystem(null, true, location) ?? throw Unexpected();
                case "extend":
                    throw new SyntaxException("Unexpected description, only GraphQL definitions support descriptions.", location);
                default:
                    return ReadTypeSystem(description, false, location) ?? throw Unexpected();
            }
        }
        throw description is not null && _lexer.Kind == TokenKind.BraceOpen
            ? new SyntaxException("Unexpected description, descriptions are not supported on shorthand queries.", location)
            : Unexpected();
    }

    private OperationNode ReadOperation(OperationKind operation, SourceLocation location)
    {
        Next();
        Name? name = _lexer.Kind == TokenKind.Name ? ReadName() : null;
        var variables = _lexer.Kind == TokenKind.ParenthesisOpen ? ReadVariableDefinitions() : [];
        return new OperationNode(operation, name, variables, ReadDirectives(false), ReadSelectionSet(), location);
    }

    private ImmutableArray<VariableDefinitionNode> ReadVariableDefinitions()
    {
        var variables = ImmutableArray.CreateBuilder<VariableDefinitionNode>();
        Open(TokenKind.ParenthesisOpen);
        do
        {
            var location = _lexer.Location;
            ReadDescription();
            var variable = ReadVariable();
            Expect(TokenKind.Colon);
            var type = ReadType();
            var defaultValue = Skip(TokenKind.Equal) ? ReadValue(true) : null;
            variables.Add(new VariableDefinitionNode(variable, type, defaultValue, ReadDirectives(true), location));
        }
        while (!Close(TokenKind.ParenthesisClose));
        return variables.DrainToImmutable();
    }

    private FragmentNode ReadFragment(SourceLocation location)
    {
        Next();
        var name = ReadFragmentName();
        ExpectKeyword("on");
        return new FragmentNode(name, ReadNamedType(), ReadDirectives(false), ReadSelectionSet(), location);
    }

    private SelectionSetNode ReadSelectionSet()
    {
        var location = _lexer.Location;
        var selections = ImmutableArray.CreateBuilder<SyntaxNode>();
        Open(TokenKind.BraceOpen);
        do
        {
            selections.Add(_lexer.Kind == TokenKind.Spread ? ReadFragmentSelection() : ReadField());
        }
        while (!Close(TokenKind.BraceClose));
        return new SelectionSetNode(selections.DrainToImmutable(), location);
    }

    private FieldNode ReadField()
    {
        var location = _lexer.Location;
        var name = ReadName().Value;
        string? alias = null;
        if (Skip(TokenKind.Colon))
        {
            (alias, name) = (name, ReadName().Value);
        }
        var arguments = ReadArguments(false);
        var directives = ReadDirectives(false);
        return new FieldNode(alias, name, arguments, directives, _lexer.Kind == TokenKind.BraceOpen ? ReadSelectionSet() : null, location);
    }

    private SyntaxNode ReadFragmentSelection()
    {
        var location = _lexer.Location;
        Next();
        var conditioned = IsKeyword("on"u8);
        if (_lexer.Kind == TokenKind.Name && !conditioned)
        {
            return new FragmentSpreadNode(ReadFragmentName(), ReadDirectives(false), location);
        }
        if (conditioned)
        {
            Next();
        }
        return new InlineFragmentNode(conditioned ? ReadNamedType() : null, ReadDirectives(false), ReadSelectionSet(), location);
    }

    private Name ReadFragmentName() => IsKeyword("on"u8) ? throw Unexpected() : ReadName();

    private ImmutableArray<ArgumentNode> ReadArguments(bool constant)
    {
        if (_lexer.Kind != TokenKind.ParenthesisOpen)
        {
            return [];
        }
        var arguments = ImmutableArray.CreateBuilder<ArgumentNode>(1);
        Open(TokenKind.ParenthesisOpen);
        do
        {
            var name = ReadName();
            Expect(TokenKind.Colon);
            arguments.Add(new ArgumentNode(name.Value, ReadValue(constant), name.Location));
        }
        while (!Close(TokenKind.ParenthesisClose));
        return arguments.DrainToImmutable();
    }

    private ImmutableArray<DirectiveNode> ReadDirectives(bool constant)
    {
        if (_lexer.Kind != TokenKind.At)
        {
            return [];
        }
        var directives = ImmutableArray.CreateBuilder<DirectiveNode>(1);
        while (_lexer.Kind == TokenKind.At)
        {
            var location = _lexer.Location;
            Next();
            directives.Add(new DirectiveNode(ReadName().Value, ReadArguments(constant), location));
        }
        return directives.DrainToImmutable();
    }

    private TypeNode ReadType()
    {
        var location = _lexer.Location;
        TypeNode type;
        if (_lexer.Kind == TokenKind.BracketOpen)
        {
            Open(TokenKind.BracketOpen);
            type = new ListTypeNode(ReadType(), location);
            _nesting--;
            Expect(TokenKind.BracketClose);
        }
        else
        {
            type = ReadNamedType();
        }
        return Skip(TokenKind.Bang) ? new NonNullTypeNode(type, location) : type;
    }

    private NamedTypeNode ReadNamedType()
    {
        var name = ReadName();
        return new NamedTypeNode(name.Value, name.Location);
    }

    private Name ReadName()
    {
        if (_lexer.Kind != TokenKind.Name)
        {
            throw Expected(TokenKind.Name.Describe());
        }
        var name = new Name(_names.Get(_lexer.Text), _lexer.Location);
        Next();
        return name;
    }

    private void Next()
    {
        _lexer.Next();
        if (_lexer.Kind != TokenKind.End && ++_tokens > _limits.MaxTokens)
        {
            throw new SyntaxException(
                $"Document contains more than {_limits.MaxTokens} tokens. Parsing aborted.", _lexer.Location, ErrorCodes.TokenLimitExceeded);
        }
    }

    private void Open(TokenKind kind)
    {
        if (_lexer.Kind == kind && ++_nesting > _limits.MaxNesting)
        {
            throw new SyntaxException(
                $"Document is nested deeper than {_limits.MaxNesting} levels. Parsing aborted.", _lexer.Location, ErrorCodes.NestingLimitExceeded);
        }
        Expect(kind);
    }

    private bool Close(TokenKind kind)
    {
        if (!Skip(kind))
        {
            return false;
        }
        _nesting--;
        return true;
    }

    private bool Skip(TokenKind kind)
    {
        if (_lexer.Kind != kind)
        {
            return false;
        }
        Next();
        return true;
    }

    private void Expect(TokenKind kind)
    {
        if (!Skip(kind))
        {
            throw Expected(kind.Describe());
        }
    }

    private readonly bool IsKeyword(ReadOnlySpan<byte> keyword) => _lexer.Kind == TokenKind.Name && _lexer.Text.SequenceEqual(keyword);

    private void ExpectKeyword(string keyword)
    {
        if (_lexer.Kind != TokenKind.Name || _lexer.Value != keyword)
        {
            throw Expected($"\"{keyword}\"");
        }
        Next();
    }

    private readonly SyntaxException Expected(string what) => new($"Expected {what}, found {_lexer.Description}.", _lexer.Location);

    private readonly SyntaxException Unexpected() => new($"Unexpected {_lexer.Description}.", _lexer.Location);
}
