using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation;

/// <summary>Walks a document in the order of its text, keeps account of the types, and tells the rules.</summary>
internal sealed class DocumentWalker
{
    private readonly ValidationContext _context;
    private readonly ValidationRule[] _rules;
    private readonly int[][] _seenBy;

    /// <param name="context">Where the types are kept.</param>
    /// <param name="rules">The rules, in the order in which they are told.</param>
    /// <param name="seenBy">For each kind of node which of the rules see it, by <see cref="Index"/>; the same for every document.</param>
    public DocumentWalker(ValidationContext context, ValidationRule[] rules, int[][] seenBy) => (_context, _rules, _seenBy) = (context, rules, seenBy);

    public static int[][] Index(ValidationRule[] rules) =>
        [.. Enum.GetValues<NodeKind>().Select(kind => Enumerable.Range(0, rules.Length).Where(i => rules[i].Sees(kind)).ToArray())];

    public void Walk(DocumentNode document)
    {
        Enter(document);
        foreach (var definition in document.Definitions)
        {
            WalkDefinition(definition);
        }
        Leave(document);
    }

    public void WalkDefinition(SyntaxNode definition)
    {
        var outer = _context.Place;
        switch (definition)
        {
            case OperationNode operation:
                _context.Place = outer with { Type = _context.Schema.Root(operation.Operation) };
                Enter(operation);
                foreach (var variable in operation.Variables)
                {
                    WalkVariableDefinition(variable);
                }
                WalkDirectives(operation.Directives, operation);
                WalkSelectionSet(operation.SelectionSet);
                Leave(operation);
                break;
            case FragmentNode fragment:
                _context.Place = outer with { Type = Output(fragment.TypeCondition) };
                Enter(fragment);
                WalkType(fragment.TypeCondition);
                WalkDirectives(fragment.Directives, fragment);
                WalkSelectionSet(fragment.SelectionSet);
                Leave(fragment);
                break;
        }
        _context.Place = outer;
    }

    private void WalkVariableDefinition(VariableDefinitionNode node)
    {
        var outer = _context.Place;
        var type = _context.Schema.FindType(node.Type);
        _context.Place = outer with { Input = type?.IsInput == true ? type : null, ParentInput = outer.Input };
        Enter(node);
        WalkValue(node.Variable);
        WalkType(node.Type);
        if (node.DefaultValue is not null)
        {
            WalkValue(node.DefaultValue);
        }
        WalkDirectives(node.Directives, node);
        Leave(node);
        _context.Place = outer;
    }

    private void WalkSelectionSet(SelectionSetNode node)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var outer = _context.Place;
        _context.Place = outer with { Parent = outer.Type?.Named as CompositeType };
        Enter(node);
        foreach (var selection in node.Selections)
        {
            WalkSelection(selection);
        }
        Leave(node);
        _context.Place = outer;
    }

    private void WalkSelection(SyntaxNode selection)
    {
        var outer = _context.Place;
        switch (selection)
        {
            case FieldNode field:
                var definition = outer.Parent is null ? null : _context.Schema.FindField(outer.Parent, field.Name);
                _context.Place = outer with { Field = definition, Type = definition?.Type };
                Enter(field);
                WalkArguments(field.Arguments);
                WalkDirectives(field.Directives, field);
                if (field.SelectionSet is not null)
                {
                    WalkSelectionSet(field.SelectionSet);
                }
                Leave(field);
                break;
            case FragmentSpreadNode spread:
                Enter(spread);
                WalkDirectives(spread.Directives, spread);
                Leave(spread);
                break;
            case InlineFragmentNode inline:
                _context.Place = outer with { Type = inline.TypeCondition is null ? outer.Type?.Named : Output(inline.TypeCondition) };
                Enter(inline);
                if (inline.TypeCondition is not null)
                {
                    WalkType(inline.TypeCondition);
                }
                WalkDirectives(inline.Directives, inline);
                WalkSelectionSet(inline.SelectionSet);
                Leave(inline);
                break;
        }
        _context.Place = outer;
    }

    private NamedType? Output(NamedTypeNode condition) => _context.Schema.FindType(condition.Name) is { IsOutput: true } type ? type : null;

    private void WalkDirectives(ImmutableArray<DirectiveNode> directives, SyntaxNode owner)
    {
        if (directives.IsEmpty)
        {
            return;
        }
        var outer = _context.Place;
        foreach (var directive in directives)
        {
            _context.Place = outer with { Directive = _context.Schema.Directives.Find(directive.Name), Owner = owner };
            Enter(directive);
            WalkArguments(directive.Arguments);
            Leave(directive);
        }
        _context.Place = outer;
    }

    private void WalkArguments(ImmutableArray<ArgumentNode> arguments)
    {
        if (arguments.IsEmpty)
        {
            return;
        }
        var outer = _context.Place;
        foreach (var argument in arguments)
        {
            var definition = (outer.Directive?.Arguments ?? outer.Field?.Arguments)?.Find(argument.Name);
            _context.Place = outer with
            {
                Argument = definition,
                Input = definition?.Type is { IsInput: true } type ? type : null,
                ParentInput = outer.Input,
                HasDefault = definition?.DefaultLiteral is not null,
            };
            Enter(argument);
            WalkValue(argument.Value);
            Leave(argument);
        }
        _context.Place = outer;
    }

    private void WalkValue(ValueNode value)
    {
        var outer = _context.Place;
        switch (value)
        {
            case ListValueNode list:
                var item = outer.Input?.Nullable is ListType type ? type.Item : outer.Input?.Nullable;
                _context.Place = outer with { Input = item, ParentInput = outer.Input, HasDefault = false };
                Enter(list);
                foreach (var element in list.Values)
                {
                    WalkValue(element);
                }
                Leave(list);
                break;
            case ObjectValueNode fields:
                Enter(fields);
                foreach (var field in fields.Fields)
                {
                    var definition = (outer.Input?.Named as InputObjectType)?.Fields.Find(field.Name);
                    _context.Place = outer with
                    {
                        Input = definition?.Type is { IsInput: true } input ? input : null,
                        ParentInput = outer.Input,
                        HasDefault = definition?.DefaultLiteral is not null,
                    };
                    Enter(field);
                    WalkValue(field.Value);
                    Leave(field);
                }
                _context.Place = outer;
                Leave(fields);
                break;
            default:
                Enter(value);
                Leave(value);
                break;
        }
        _context.Place = outer;
    }

    private void WalkType(TypeNode type)
    {
        Enter(type.Named);
        Leave(type.Named);
    }

    private void Enter(SyntaxNode node)
    {
        foreach (var i in _seenBy[(int)node.Kind])
        {
            var rule = _rules[i];
            if (rule.Skipped is null && !rule.Enter(node))
            {
                rule.Skipped = node;
            }
        }
    }

    private void Leave(SyntaxNode node)
    {
        foreach (var i in _seenBy[(int)node.Kind])
        {
            var rule = _rules[i];
            if (rule.Skipped is null)
            {
                rule.Leave(node);
            }
            else if (rule.Skipped == node)
            {
                rule.Skipped = null;
            }
        }
    }
}
