using System.Collections.Immutable;

namespace CustobotGateway.GraphQL.Language;

public ref partial struct Parser
{
    private string? ReadDescription() => _lexer.Kind is TokenKind.String or TokenKind.BlockString ? ReadText() : null;

    // Null when no definition begins here.
    private SyntaxNode? ReadTypeSystem(string? description, bool isExtension, SourceLocation location)
    {
        if (_lexer.Kind != TokenKind.Name)
        {
            return null;
        }
        switch (_lexer.Value)
        {
            case "schema":
                Next();
                return ReadSchema(description, isExtension, location);
            case "directive" when !isExtension:
                Next();
                return ReadDirectiveDefinition(description, location);
            case "scalar" or "type" or "interface" or "union" or "enum" or "input":
                var keyword = ReadName().Value;
                return ReadTypeDefinition(keyword, description, isExtension, location);
            default:
                return null;
        }
    }

    private SchemaDefinitionNode ReadSchema(string? description, bool isExtension, SourceLocation location)
    {
        var directives = ReadDirectives(true);
        var roots = ImmutableArray.CreateBuilder<RootTypeNode>();
        if (!isExtension || _lexer.Kind == TokenKind.BraceOpen)
        {
            Open(TokenKind.BraceOpen);
            do
            {
                var start = _lexer.Location;
                OperationKind? operation = _lexer.Kind != TokenKind.Name ? null : _lexer.Value switch
                {
                    "query" => OperationKind.Query,
                    "mutation" => OperationKind.Mutation,
                    "subscription" => OperationKind.Subscription,
                    _ => null,
                };
                if (operation is null)
                {
                    throw _lexer.Kind == TokenKind.Name ? Unexpected() : Expected(TokenKind.Name.Describe());
                }
                Next();
                Expect(TokenKind.Colon);
                roots.Add(new RootTypeNode(operation.Value, ReadNamedType(), start));
            }
            while (!Close(TokenKind.BraceClose));
        }
        if (isExtension && directives.IsEmpty && roots.Count == 0)
        {
            throw Unexpected();
        }
        return new SchemaDefinitionNode(description, directives, roots.DrainToImmutable(), isExtension, location);
    }

    private TypeDefinitionNode ReadTypeDefinition(string keyword, string? description, bool isExtension, SourceLocation location)
    {
        var name = ReadName();
        var interfaces = keyword is "type" or "interface" ? ReadInterfaces() : [];
        var directives = ReadDirectives(true);
        var empty = directives.IsEmpty && interfaces.IsEmpty;
        TypeDefinitionNode definition;
        switch (keyword)
        {
            case "scalar":
                definition = new ScalarDefinitionNode(description, name, directives, isExtension, location);
                break;
            case "type" or "interface":
                var fields = ReadFieldDefinitions();
                empty &= fields.IsEmpty;
                definition = keyword == "type"
                    ? new ObjectDefinitionNode(description, name, directives, interfaces, fields, isExtension, location)
                    : new InterfaceDefinitionNode(description, name, directives, interfaces, fields, isExtension, location);
                break;
            case "union":
                var members = Skip(TokenKind.Equal) ? ReadDelimited(TokenKind.Pipe) : [];
                empty &= members.IsEmpty;
                definition = new UnionDefinitionNode(description, name, directives, members, isExtension, location);
                break;
            case "enum":
                var values = ReadEnumValues();
                empty &= values.IsEmpty;
                definition = new EnumDefinitionNode(description, name, directives, values, isExtension, location);
                break;
            default:
                var inputs = ReadInputValues(TokenKind.BraceOpen, TokenKind.BraceClose);
                empty &= inputs.IsEmpty;
                definition = new InputObjectDefinitionNode(description, name, directives, inputs, isExtension, location);
                break;
        }
        return isExtension && empty ? throw Unexpected() : definition;
    }

    private ImmutableArray<NamedTypeNode> ReadInterfaces()
    {
        if (!IsKeyword("implements"u8))
        {
            return [];
        }
        Next();
        return ReadDelimited(TokenKind.Ampersand);
    }

    private ImmutableArray<NamedTypeNode> ReadDelimited(TokenKind delimiter)
    {
        var types = ImmutableArray.CreateBuilder<NamedTypeNode>();
        Skip(delimiter);
        do
        {
            types.Add(ReadNamedType());
        }
        while (Skip(delimiter));
        return types.DrainToImmutable();
    }

    private ImmutableArray<FieldDefinitionNode> ReadFieldDefinitions()
    {
        if (_lexer.Kind != TokenKind.BraceOpen)
        {
            return [];
        }
        var fields = ImmutableArray.CreateBuilder<FieldDefinitionNode>();
        Open(TokenKind.BraceOpen);
        do
        {
            var (location, description, name) = (_lexer.Location, ReadDescription(), ReadName());
            var arguments = ReadInputValues(TokenKind.ParenthesisOpen, TokenKind.ParenthesisClose);
            Expect(TokenKind.Colon);
            fields.Add(new FieldDefinitionNode(description, name, arguments, ReadType(), ReadDirectives(true), location));
        }
        while (!Close(TokenKind.BraceClose));
        return fields.DrainToImmutable();
    }

    private ImmutableArray<InputValueDefinitionNode> ReadInputValues(TokenKind open, TokenKind close)
    {
        if (_lexer.Kind != open)
        {
            return [];
        }
        var values = ImmutableArray.CreateBuilder<InputValueDefinitionNode>();
        Open(open);
        do
        {
            var (location, description, name) = (_lexer.Location, ReadDescription(), ReadName());
            Expect(TokenKind.Colon);
            var type = ReadType();
            var defaultValue = Skip(TokenKind.Equal) ? ReadValue(true) : null;
            values.Add(new InputValueDefinitionNode(description, name, type, defaultValue, ReadDirectives(true), location));
        }
        while (!Close(close));
        return values.DrainToImmutable();
    }

    private ImmutableArray<EnumValueDefinitionNode> ReadEnumValues()
    {
        if (_lexer.Kind != TokenKind.BraceOpen)
        {
            return [];
        }
        var values = ImmutableArray.CreateBuilder<EnumValueDefinitionNode>();
        Open(TokenKind.BraceOpen);
        do
        {
            var (location, description) = (_lexer.Location, ReadDescription());
            if (IsKeyword("true"u8) || IsKeyword("false"u8) || IsKeyword("null"u8))
            {
                throw new SyntaxException($"{_lexer.Description} is reserved and cannot be used for an enum value.", _lexer.Location);
            }
            values.Add(new EnumValueDefinitionNode(description, ReadName(), ReadDirectives(true), location));
        }
        while (!Close(TokenKind.BraceClose));
        return values.DrainToImmutable();
    }

    private DirectiveDefinitionNode ReadDirectiveDefinition(string? description, SourceLocation location)
    {
        Expect(TokenKind.At);
        var name = ReadName();
        var arguments = ReadInputValues(TokenKind.ParenthesisOpen, TokenKind.ParenthesisClose);
        var isRepeatable = IsKeyword("repeatable"u8);
        if (isRepeatable)
        {
            Next();
        }
        ExpectKeyword("on");
        var locations = ImmutableArray.CreateBuilder<Name>();
        Skip(TokenKind.Pipe);
        do
        {
            locations.Add(DirectiveLocations.IsKnown(_lexer.Value) ? ReadName() : throw Unexpected());
        }
        while (Skip(TokenKind.Pipe));
        return new DirectiveDefinitionNode(description, name, arguments, isRepeatable, locations.DrainToImmutable(), location);
    }
}
