using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

public ref partial struct Parser
{
    private VariableNode ReadVariable()
    {
        var location = _lexer.Location;
        Expect(TokenKind.Dollar);
        return new VariableNode(ReadName(), location);
    }

    private ValueNode ReadValue(bool constant)
    {
        var location = _lexer.Location;
        switch (_lexer.Kind)
        {
            case TokenKind.BracketOpen:
                return ReadList(constant, location);
            case TokenKind.BraceOpen:
                return ReadObject(constant, location);
            case TokenKind.Int:
                return new IntValueNode(ReadText(), location);
            case TokenKind.Float:
                return new FloatValueNode(ReadText(), location);
            case TokenKind.String or TokenKind.BlockString:
                return ReadString();
            case TokenKind.Name:
                return ReadName().Value switch
                {
                    "true" => new BooleanValueNode(true, location),
                    "false" => new BooleanValueNode(false, location),
                    "null" => new NullValueNode(location),
                    var name => new EnumValueNode(name, location),
                };
            case TokenKind.Dollar when !constant:
                return ReadVariable();
            case TokenKind.Dollar:
                Next();
                throw _lexer.Kind == TokenKind.Name
                    ? new SyntaxException($"Unexpected variable \"${_lexer.Value}\" in constant value.", location)
                    : new SyntaxException($"Unexpected {TokenKind.Dollar.Describe()}.", location);
            default:
                throw Unexpected();
        }
    }

    // Unlike other lists these may be empty.
    private ListValueNode ReadList(bool constant, SourceLocation location)
    {
        var values = ImmutableArray.CreateBuilder<ValueNode>();
        Open(TokenKind.BracketOpen);
        while (!Close(TokenKind.BracketClose))
        {
            values.Add(ReadValue(constant));
        }
        return new ListValueNode(values.DrainToImmutable(), location);
    }

    private ObjectValueNode ReadObject(bool constant, SourceLocation location)
    {
        var fields = ImmutableArray.CreateBuilder<ObjectFieldNode>();
        Open(TokenKind.BraceOpen);
        while (!Close(TokenKind.BraceClose))
        {
            var name = ReadName();
            Expect(TokenKind.Colon);
            fields.Add(new ObjectFieldNode(name.Value, ReadValue(constant), name.Location));
        }
        return new ObjectValueNode(fields.DrainToImmutable(), location);
    }

    private StringValueNode ReadString()
    {
        var (location, isBlock) = (_lexer.Location, _lexer.Kind == TokenKind.BlockString);
        return new StringValueNode(ReadText(), isBlock, location);
    }

    private string ReadText()
    {
        var text = _lexer.Value;
        Next();
        return text;
    }
}
