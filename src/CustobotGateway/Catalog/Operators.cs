namespace CustobotGateway.Catalog;

/// <summary>What a constraint can ask of an attribute.</summary>
public enum Operator
{
    /// <summary>Equal to <c>value</c>; of a set: holds it.</summary>
    Eq,

    /// <summary>Equal to one of <c>values</c>; of a set: holds at least one.</summary>
    In,

    /// <summary>A set that holds all of <c>values</c>.</summary>
    All,

    /// <summary>Greater than <c>value</c>.</summary>
    Gt,

    /// <summary>Greater than <c>value</c>, or equal.</summary>
    Gte,

    /// <summary>Less than <c>value</c>.</summary>
    Lt,

    /// <summary>Less than <c>value</c>, or equal.</summary>
    Lte,

    /// <summary>From <c>from</c> to <c>to</c>, both inclusive.</summary>
    Between,

    /// <summary>Whether there is a value: <c>value</c> is true or false.</summary>
    Exists,

    /// <summary>Begins with <c>value</c>; of full text: has a word that does.</summary>
    Prefix,

    /// <summary>Within <c>value.radius</c> of a place.</summary>
    Within,
}

/// <summary>Which operators an attribute has; they follow from its type.</summary>
public static class Operators
{
    private static readonly Operator[] FullText = [Operator.Exists, Operator.Prefix];
    private static readonly Operator[] PlainText = [Operator.Exists];
    private static readonly Operator[] Term = [Operator.Eq, Operator.In, Operator.Exists, Operator.Prefix];
    private static readonly Operator[] TermSet = [Operator.Eq, Operator.In, Operator.All, Operator.Exists, Operator.Prefix];
    private static readonly Operator[] Truth = [Operator.Eq, Operator.Exists];
    private static readonly Operator[] Quantity = [Operator.Eq, Operator.In, Operator.Gt, Operator.Gte, Operator.Lt, Operator.Lte, Operator.Between, Operator.Exists];
    private static readonly Operator[] Place = [Operator.Within, Operator.Exists];
    private static readonly Operator[] Code = [Operator.Eq, Operator.In, Operator.Exists];

    /// <summary>The operators that constraints on the attribute may use; none when it is not searchable.</summary>
    public static IReadOnlyList<Operator> Of(AttributeDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return definition.Searchable == false ? [] : definition.Type switch
        {
            AttributeType.Text => definition.FullText == true ? FullText : PlainText,
            AttributeType.Keyword => Term,
            AttributeType.KeywordSet => TermSet,
            AttributeType.Boolean => Truth,
            AttributeType.Geo => Place,
            AttributeType.Gtin => Code,
            _ => Quantity,
        };
    }
}
